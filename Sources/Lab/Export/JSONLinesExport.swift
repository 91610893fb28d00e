import Foundation
import PeerNetworking
import SimNetwork

/// The records as JSON Lines, each by the schema of the article "Exports": as `--trace` writes them.
final class JSONLinesExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private let line = TraceLine()

    init(_ scope: ExportScope) { self.scope = scope }

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) {
        guard isShown, scope.connection == nil || record.isAbout(scope.connection) else { return }
        output.append(line.data(record, names))
    }

    func finish() throws(SessionError) {}
}

extension EventRecord {
    /// Whether it is of a connection, or says something of one.
    fileprivate func isAbout(_ wanted: ConnectionID?) -> Bool {
        if connection == wanted { return true }
        return changes.contains { change in
            switch change {
            case .opened(let id, _, _, _, _, _), .tcp(let id, _, _), .end(let id, _, _), .failed(let id, _, _),
                .forgotten(let id):
                id == wanted
            case .sent(let segment), .duplicated(let segment, _): segment.connection == wanted
            case .name, .action, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening,
                .backlog, .unasked, .arrived, .lost, .delayed, .peerRegistered, .peer, .forwarded, .corrupted, .marked,
                .held, .queue, .shaped, .clogged, .hostClogged, .partition, .standing, .struck, .draw, .fault:
                false
            }
        }
    }
}
