import PeerNetworking
import SimNetwork

extension RunReport.InvariantResult {
    /// Checks over all records up to the cursor what must hold of every run.
    static func check(_ snapshot: Snapshot) -> [RunReport.InvariantResult] {
        var orderBroken: Int?
        var boundsBroken: Int?
        var time: Int64 = 0
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            let record = snapshot.records[event: number]
            if record.time < time, orderBroken == nil { orderBroken = number }
            time = record.time
            if boundsBroken == nil, record.changes.contains(where: { exceedsItsQueue($0, snapshot) }) {
                boundsBroken = number
            }
        }
        return [
            RunReport.InvariantResult(name: "no event in the past", held: orderBroken == nil, event: orderBroken),
            RunReport.InvariantResult(name: "queue bounds", held: boundsBroken == nil, event: boundsBroken),
        ]
    }

    /// Whether a peer holds more messages than its queue. A server tells of all its sessions together, each of which has
    /// a queue of its own: it is not looked at here.
    private static func exceedsItsQueue(_ change: Change, _ snapshot: Snapshot) -> Bool {
        let (peer, depth): (PeerNumber, Int32)
        switch change {
        case .peer(let number, .queued(_, _, let held)): (peer, depth) = (number, held)
        case .peer(let number, .requeued(_, let held)): (peer, depth) = (number, held)
        default: return false
        }
        guard Int(peer.index) < snapshot.world.peers.count else { return false }
        let view = snapshot.world.peers[Int(peer.index)]
        return snapshot.lab.peers[Int(view.process.index)].listen == nil && depth > view.capacity
    }
}
