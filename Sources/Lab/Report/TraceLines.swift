public import Foundation
import PeerNetworking
package import SimNetwork

/// The events of a run up to its cursor as JSON Lines: `n`, `t_ns`, `kind`, `host`, `connection`, `process`, `cause`, and
/// `changes`, each an object whose `what` says what changed.
public struct TraceLines: Sequence, IteratorProtocol {
    private let snapshot: Snapshot
    private let names: Names
    private let line = TraceLine()
    private var number = 1

    /// Starts at the first event.
    ///
    /// - Parameter snapshot: of a session that keeps its past.
    public init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        names = Names(snapshot)
    }

    /// The next event's line, with its line feed.
    public mutating func next() -> Data? {
        guard number <= snapshot.event else { return nil }
        defer { number += 1 }
        return line.data(snapshot.records[event: number], names)
    }
}

/// An event as a line of a trace.
package struct TraceLine {
    private struct Fields: Encodable {
        var n: Int
        var t_ns: Int64
        var kind: String
        var host: String?
        var connection: String?
        var process: String?
        var cause: Int
        var changes: [TraceChange]
    }

    private let json = JSONText()

    /// Prepares to write lines.
    package init() {}

    /// The line of an event, with its line feed.
    package func data(_ record: EventRecord, _ names: Names) -> Data {
        let lab = names.lab
        let fields = Fields(
            n: record.number, t_ns: record.time, kind: record.kind.description,
            host: record.host.map { lab.topology.hosts[Int($0.index)].name },
            connection: record.connection?.description,
            process: record.process.map { lab.peers[Int($0.index)].name }, cause: record.cause,
            changes: record.changes.map { TraceChange($0, names) })
        var data = (try? json.data(fields)) ?? Data()
        data.append(0x0A)
        return data
    }
}
