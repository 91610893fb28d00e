// What faults have done to a host, as the host keeps it.

/// Timers that go off late.
struct SlowTimers: Hashable {
    var probability: Probability
    /// Nanoseconds, at most.
    var most: Int64
}

/// A name that fails to resolve.
struct NameFault: Hashable {
    var failure: NameFailure
    var probability: Probability
}

/// What becomes of those who want to connect to a listener.
struct ServiceFault: Hashable {
    /// The port; nil for all.
    var port: UInt16?
    var refuse: Probability = .never
    var hang: Probability = .never
    var isFull = false

    var isNeutral: Bool { refuse == .never && hang == .never && !isFull }
}
