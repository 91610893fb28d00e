import PeerNetworking
import SimNetwork

/// Runs a run again up to an event, and from there on with another seed.
///
/// A world cannot be copied, so each future costs the past too.
package struct FutureTrial {
    private let lab: LabDefinition
    private let seed: UInt64
    private let deeds: [Intervention]
    private let end: Int64
    private let signature: FailureSignature

    /// - Parameters:
    ///   - deeds: what was done by hand; what comes behind the event is done at its time.
    ///   - end: how far a future goes, in nanoseconds.
    ///   - signature: the failure that is asked for.
    init(
        _ lab: LabDefinition, seed: UInt64, deeds: [Intervention], until end: Int64,
        failingBy signature: FailureSignature
    ) {
        (self.lab, self.seed, self.deeds, self.end, self.signature) = (lab, seed, deeds, end, signature)
    }

    /// What came of a future.
    package enum End: String, Codable, Sendable {
        /// The failure that is asked for.
        case failed
        /// Another failure.
        case failedOtherwise
        /// None.
        case went
    }

    /// Runs a future.
    ///
    /// - Parameters:
    ///   - event: the last of the past, from 1.
    ///   - seed: of all that is drawn behind it, from 0.
    package func run(after event: Int, seed future: Int64) -> End {
        var arranged = RecordLog(keeping: .latest)
        let run = Run(lab: lab, seed: seed, arranged: &arranged)
        defer { run.close() }
        var deeds = deeds[...]
        while run.state.event < event {
            if let deed = deeds.first, deed.event == run.state.event + 1 {
                deeds.removeFirst()
                guard (try? run.perform(deed.action, at: deed.time)) != nil else { break }
            } else {
                guard (try? run.step()) == true else { break }
            }
        }
        _ = try? run.perform(.reseed(future), at: run.state.time)
        for deed in deeds {
            while (try? run.step(until: deed.time)) == true {}
            // In another future there may be nothing to do it to.
            _ = try? run.perform(deed.action, at: max(deed.time, run.state.time))
        }
        while (try? run.step(until: end)) == true {}
        run.pass(to: end)
        guard let failure = run.end.firstFailure(in: lab) else { return .went }
        return failure.signature == signature ? .failed : .failedOtherwise
    }
}
