import SimNetwork

/// What came of a seed.
package struct SeedResult: Hashable, Sendable, Codable {
    /// How a run ended, or that it did not end by itself.
    package enum End: String, Hashable, Sendable, Codable {
        case passed
        case failed
        case incomplete
        /// It took the process that ran it down with it, or had to be ended.
        case crashed
    }

    /// By what it failed.
    package struct Failure: Hashable, Sendable, Codable {
        /// In which way.
        package var signature: FailureSignature
        /// The event that decided it; nil where that is not known.
        @OrNull package var event: Int?
        /// When it was decided, in nanoseconds; nil where that is not known.
        @OrNull package var t_ns: Int64?
        /// The failure in a line, with its values.
        package var text: String
        /// The last faults that had a hand in it, the newest first.
        @OrNull package var shape: String?
    }

    /// The seed.
    package var seed: UInt64
    /// How its run ended.
    package var end: End
    /// How many events it had.
    package var events: Int
    /// By what it failed; nil where it did not.
    @OrNull package var failure: Failure?
    /// The cells that it reached, as ``CoveredCells`` writes them; nil where nobody knows.
    @OrNull package var cells: String?
    /// The event at which it reached the cell that was looked for.
    @OrNull package var found: Int?

    /// That of a seed whose run did not come to its end.
    ///
    /// - Parameters:
    ///   - signature: in which way it failed.
    ///   - text: what is known of it, in a line.
    package init(crashed seed: UInt64, _ signature: FailureSignature, event: Int?, text: String) {
        self.seed = seed
        end = .crashed
        events = event ?? 0
        failure = Failure(signature: signature, event: event, t_ns: nil, text: text, shape: nil)
        cells = nil
        found = nil
    }

    init(_ seed: UInt64, _ outcome: Outcome, events: Int) {
        self.seed = seed
        end =
            switch outcome {
            case .passed: .passed
            case .failed: .failed
            case .incomplete: .incomplete
            }
        self.events = events
        failure = nil
        cells = nil
        found = nil
    }
}
