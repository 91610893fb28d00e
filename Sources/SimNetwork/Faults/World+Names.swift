package import PeerNetworking

// Names that fail to resolve.
extension World {
    /// When a resolver gives up: two attempts of five seconds (`resolv.conf(5)`).
    static let resolverTimeout: Int64 = 10_000_000_000

    /// Whether looking a host's name up may fail: to ask first spares the others a call that can wait.
    func mayFail(lookingUp host: Host) -> Bool { host.nameFault != nil || !overrides.isEmpty }

    /// Draws how looking a host's name up fails.
    ///
    /// - Parameter asking: the host that asks.
    /// - Returns: nil where it does not.
    func drawFailure(lookingUp host: Host, by asking: Host) -> NameFailure? {
        let fault = host.nameFault ?? NameFault(failure: .notFound, probability: .never)
        let key = Draw.stableHash(lookupName(asking, host))
        guard strikes(.nameError, fault.probability, for: .lookup(asking.id, of: host.id), key: key) else { return nil }
        emit(.struck(.nameError, asking.id))
        return fault.failure
    }

    /// Looks a host's name up, with what its faults do to that.
    ///
    /// - Returns: how it failed; nil where it did not.
    func resolve(_ host: Host, for life: ProcessLife) async -> NetworkError? {
        guard let failure = drawFailure(lookingUp: host, by: life.process.host) else { return nil }
        let end = now + failure.wait
        while now < end {
            let slot = WaitSlot()
            let timer = schedule(slot, of: life, at: end)
            await slot.park(ready)
            if life.endsRunningTask {
                cancel(timer)
                return NetworkError(.cancelled, during: .resolve)
            }
        }
        return failure.error(lookingUp: host.name)
    }
}

extension NameFailure {
    /// How long the name server takes, in nanoseconds.
    package var wait: Int64 {
        if case .slow(let delay) = self { min(delay, World.resolverTimeout) } else { 0 }
    }

    /// What the resolver says then; nil where it has the answer after all.
    package func error(lookingUp name: String) -> NetworkError? {
        switch self {
        case .notFound:
            return NetworkError(.nameNotFound, during: .resolve, reason: "'\(name)' does not exist")
        case .temporary:
            return NetworkError(.timedOut, during: .resolve, reason: "temporary failure in name resolution")
        case .slow(let delay):
            guard delay >= World.resolverTimeout else { return nil }
            return NetworkError(.timedOut, during: .resolve, reason: "no answer of the name server")
        }
    }
}
