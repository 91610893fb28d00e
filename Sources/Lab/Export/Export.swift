package import Foundation
import PeerNetworking
package import SimNetwork

/// Exports a run as it goes: nothing is kept but what is on its way.
package final class Export: RunFollower {
    private let scope: ExportScope
    private let writer: any ExportWriter
    private let write: (Data) throws(UnwritableFile) -> Void
    private var problem: UnwritableFile?
    /// Connections of the run so far: they are counted from 1.
    private var connections: UInt32 = 0

    /// Bytes that are written at once.
    private static let share = 1 << 20

    /// Begins an export.
    ///
    /// - Parameter write: takes bytes, in order.
    package init(
        _ format: ExportFormat, of scope: ExportScope, write: @escaping (Data) throws(UnwritableFile) -> Void
    ) {
        self.scope = scope
        self.write = write
        writer = format.writer(scope)
    }

    /// Takes in an event.
    package func takes(_ record: EventRecord, _ names: Names) {
        // A full disk must not end the run; the end says so.
        guard problem == nil else { return }
        for case .opened(let connection, _, _, _, _, _) in record.changes {
            connections = max(connections, connection.number)
        }
        writer.take(record, names, isShown: scope.times.contains(record.time))
        if writer.output.count > Self.share { flush() }
    }

    /// Takes in all that a session has kept, up to its cursor.
    package func takes(_ snapshot: Snapshot) {
        let names = Names(snapshot)
        for number in stride(from: 1, through: snapshot.event, by: 1) { takes(snapshot.records[event: number], names) }
    }

    private func flush() {
        do throws(UnwritableFile) {
            try write(writer.output)
        } catch {
            problem = error
        }
        writer.output.removeAll(keepingCapacity: true)
    }

    /// Writes what is left.
    ///
    /// - Throws: ``SessionError`` where what was asked for makes no such export, or not all of it could be written.
    package func finish() throws(SessionError) {
        if let connection = scope.connection, connection.number == 0 || connection.number > connections {
            let known =
                connections == 0
                ? "the run has none" : connections == 1 ? "the run has c1 alone" : "the run has c1 to c\(connections)"
            throw SessionError("there is no connection \(connection): \(known)")
        }
        try writer.finish()
        flush()
        if let problem { throw SessionError("the export cannot be written: \(problem.reason)") }
    }
}
