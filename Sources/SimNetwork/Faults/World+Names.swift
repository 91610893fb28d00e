import PeerNetworking

// Names that fail to resolve.
extension World {
    /// When a resolver gives up: two attempts of five seconds (`resolv.conf(5)`).
    static let resolverTimeout: Int64 = 10_000_000_000

    /// Whether looking a host's name up may fail: to ask first spares the others a call that can wait.
    func mayFail(lookingUp host: Host) -> Bool { host.nameFault != nil || !overrides.isEmpty }

    /// Looks a host's name up, with what its faults do to that.
    ///
    /// - Returns: how it failed; nil where it did not.
    func resolve(_ host: Host, for life: ProcessLife) async -> NetworkError? {
        let fault = host.nameFault ?? NameFault(failure: .notFound, probability: .never)
        let asking = life.process.host
        let key = Draw.stableHash(lookupName(asking, host))
        guard strikes(.nameError, fault.probability, for: .lookup(asking.id, of: host.id), key: key) else { return nil }
        emit(.struck(.nameError, asking.id))
        switch fault.failure {
        case .notFound:
            return NetworkError(.nameNotFound, during: .resolve, reason: "'\(host.name)' does not exist")
        case .temporary:
            return NetworkError(.timedOut, during: .resolve, reason: "temporary failure in name resolution")
        case .slow(let delay):
            let end = now + min(delay, World.resolverTimeout)
            while now < end {
                let slot = WaitSlot()
                let timer = schedule(slot, of: life, at: end)
                await slot.park(ready)
                if life.endsRunningTask {
                    cancel(timer)
                    return NetworkError(.cancelled, during: .resolve)
                }
            }
            guard delay >= World.resolverTimeout else { return nil }
            return NetworkError(.timedOut, during: .resolve, reason: "no answer of the name server")
        }
    }
}
