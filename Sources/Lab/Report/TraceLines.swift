public import Foundation
import PeerNetworking
import SimNetwork

/// The events of a run up to its cursor as JSON Lines: `n`, `t_ns`, `kind`, `host`, `connection`, `process`, `cause`, and
/// `changes`, each an object whose `what` says what changed.
public struct TraceLines: Sequence, IteratorProtocol {
    private struct Line: Encodable {
        var n: Int
        var t_ns: Int64
        var kind: String
        var host: String?
        var connection: String?
        var process: String?
        var cause: Int
        var changes: [TraceChange]
    }

    private let snapshot: Snapshot
    private let json = JSONText()
    private var number = 1

    /// Starts at the first event.
    public init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    /// The next event's line, with its line feed.
    public mutating func next() -> Data? {
        guard number <= snapshot.event else { return nil }
        let record = snapshot.records[event: number]
        number += 1
        let line = Line(
            n: record.number, t_ns: record.time, kind: record.kind.description,
            host: record.host.map { snapshot.lab.topology.hosts[Int($0.index)].name },
            connection: record.connection?.description,
            process: record.process.map { snapshot.lab.peers[Int($0.index)].name }, cause: record.cause,
            changes: record.changes.map { TraceChange($0, snapshot) })
        var data = (try? json.data(line)) ?? Data()
        data.append(0x0A)
        return data
    }
}
