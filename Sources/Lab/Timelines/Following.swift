import PeerNetworking
import SimNetwork

/// What happens on a timeline behind an event.
struct Following {
    struct Transition {
        let peer: PeerNumber
        let state: PeerState
        let event: Int
        let time: Int64
    }

    let name: String
    let names: Names
    private(set) var draws: [DrawRecord] = []
    private(set) var transitions: [Transition] = []
    /// Looked up, never iterated over.
    private var byKey: [Key: DrawRecord] = [:]

    private struct Key: Hashable {
        let site: DrawSite
        let subject: DrawSubject
        let number: UInt64
    }

    init(_ snapshot: Snapshot, _ event: Int, _ horizon: Int) {
        (name, names) = (snapshot.timeline, Names(snapshot))
        for number in stride(from: event + 1, through: min(snapshot.records.count, event + horizon), by: 1) {
            let record = snapshot.records[event: number]
            for change in record.changes {
                if case .draw(let draw) = change {
                    draws.append(draw)
                    byKey[Key(site: draw.site, subject: draw.subject, number: draw.number)] = draw
                } else if case .peer(let peer, .state(let state, _), _) = change {
                    transitions.append(Transition(peer: peer, state: state, event: number, time: record.time))
                }
            }
        }
    }

    func draws(like draw: DrawRecord) -> DrawRecord? {
        byKey[Key(site: draw.site, subject: draw.subject, number: draw.number)]
    }
}
