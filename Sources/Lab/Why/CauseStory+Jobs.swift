import PeerNetworking
import SimNetwork

// Why a job of a queue was given once more, or did not count.
extension CauseStory {
    /// The event from which a lease ran that is over in an event; nil where none is. The queue has one timer for all leases, and
    /// sets it anew with each.
    func beginOfLease(in record: EventRecord) -> Int? {
        guard record.kind == .timer else { return nil }
        for case .peer(let queue, .job(let job, .leaseOver), _) in record.changes {
            return reason(ofJob: job, .leaseOver, of: queue, in: record)?.event
        }
        return nil
    }

    /// What had a hand in what became of a job: that a lease was over, a connection lost, or that it was counted before.
    func reason(ofJob job: UInt64, _ turn: JobTurn, of queue: PeerNumber, in record: EventRecord) -> Other? {
        let name = ThingNames.job(job)
        let reasons: [(turn: JobTurn, words: String)]
        switch turn {
        case .givenAgain:
            reasons = [
                (.leaseOver, "the lease of who had \(name) was over"),
                (.returned, "\(name) could not be handed over: the connection was lost"),
            ]
        case .leaseOver:
            reasons = [
                (.given, "\(name) was given away then, and not done since"),
                (.givenAgain, "\(name) was given away then, and not done since"),
            ]
        case .repeated: reasons = [(.counted, "\(name) was counted when another had done it")]
        case .given, .returned, .counted, .begun, .done: return nil
        }
        var words = ""
        // The event itself too: a lease may be over and the job be given again at once.
        let event = lastEvent(before: record.number + 1) { event in
            for case .peer(queue, .job(job, let earlier), _) in event.changes {
                if let reason = reasons.first(where: { $0.turn == earlier }) { words = reason.words }
            }
            return !words.isEmpty
        }
        return event.map { Other(words: words, event: $0 == record.number ? nil : $0) }
    }
}
