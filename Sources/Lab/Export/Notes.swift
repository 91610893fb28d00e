import PeerNetworking
import SimNetwork

/// What of an event is told beside its segments: what was done to the network, and what has become of those in it.
struct ExportNote {
    /// The host that it is about, where it is about one.
    var host: HostID?
    /// One line.
    var text: String
    /// It was done on purpose, and did not follow.
    var isFault: Bool
}

extension ExportNote {
    /// The notes of an event, in order.
    static func notes(of record: EventRecord, _ names: Names) -> [ExportNote] {
        record.changes.compactMap { change in
            switch change {
            case .action(let action):
                return ExportNote(
                    host: record.host,
                    text: "\(record.kind == .intervention ? "by hand" : "fault"): \(names.text(action))", isFault: true)
            case .struck(let family, let host):
                return ExportNote(host: host, text: "\(names.name(host)): \(family) strikes a call", isFault: true)
            case .power(let host, let on):
                return ExportNote(host: host, text: "\(names.name(host)): power \(on ? "on" : "lost")", isFault: false)
            case .process(let process, let state):
                return ExportNote(
                    host: names.host(of: process), text: "\(names.name(process)): process \(state)", isFault: false)
            case .failed(let connection, let side, let code):
                return ExportNote(
                    host: record.host, text: "\(connection) \(side) failed: \(code.words)", isFault: false)
            case .name, .timerSet, .taken, .scheduled, .episode, .readRate, .cut, .listening, .backlog, .opened, .tcp,
                .end, .unasked, .forgotten, .sent, .arrived, .lost, .delayed, .peerRegistered, .peer, .forwarded,
                .duplicated, .corrupted, .marked, .held, .queue, .shaped, .clogged, .hostClogged, .partition, .standing,
                .draw, .fault:
                return nil
            }
        }
    }
}
