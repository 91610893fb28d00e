import Foundation
import PeerNetworking
import SimNetwork

/// A sequence diagram of segments between hosts, each where it was sent, as Mermaid draws one from text.
final class MermaidExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private var queue = FateQueue<Arrow>()
    private var ends = ConnectionEnds()
    /// The hosts that the diagram has named.
    private var named: Set<HostID> = []
    private var count = 0

    /// Arrows that a diagram has at most: Mermaid draws no more than 500 lines without being told to.
    static let most = 500

    private struct Arrow {
        var line: Line
        var time: Int64
        var text: String
        var isLost = false
    }

    private enum Line {
        case segment(from: HostID, to: HostID)
        case note(HostID?)
    }

    init(_ scope: ExportScope) {
        self.scope = scope
        write("sequenceDiagram\n")
    }

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) {
        if isShown {
            for note in ExportNote.notes(of: record, names) {
                add(Arrow(line: .note(note.host), time: record.time, text: note.text))
            }
        }
        for change in record.changes {
            ends.take(change)
            if case .sent(let segment) = change {
                guard isShown, scope.includes(segment.connection), let way = ends.way(of: segment) else { continue }
                add(
                    Arrow(
                        line: .segment(from: way.from, to: way.to), time: record.time,
                        text: EventText.text(of: segment)), of: segment.number)
            } else if case .arrived(let number) = change {
                queue.settle(number)
            } else if case .lost(let number, let reason) = change {
                queue.change(number) {
                    $0.isLost = true
                    $0.text += ", lost: \(reason)"
                }
                queue.settle(number)
            }
        }
        while let arrow = queue.next() { write(arrow) }
    }

    private func add(_ arrow: Arrow, of segment: Int64? = nil) {
        count += 1
        guard count <= Self.most else { return }
        if let segment { queue.append(arrow, of: segment) } else { queue.append(arrow) }
    }

    func finish() throws(SessionError) {
        guard count <= Self.most else {
            throw SessionError(
                "a diagram has \(Self.most) arrows at most, these are \(count): --from and --to take fewer, --connection one connection's"
            )
        }
        while let arrow = queue.next(isLast: true) { write(arrow) }
    }

    private func write(_ arrow: Arrow) {
        let text = "\(TimeText.clock(arrow.time)) \(Self.plain(arrow.text))"
        switch arrow.line {
        case .segment(let from, let to):
            name(from)
            name(to)
            write("    h\(from.index)\(arrow.isLost ? "-x" : "->>")h\(to.index): \(text)\n")
        case .note(let host):
            let place = host ?? named.min { $0.index < $1.index } ?? HostID(0)
            name(place)
            write("    Note over h\(place.index): \(text)\n")
        }
    }

    private func name(_ host: HostID) {
        guard named.insert(host).inserted else { return }
        write("    participant h\(host.index) as \(Self.plain(scope.name(host)))\n")
    }

    /// Without what Mermaid takes for its own.
    private static func plain(_ text: String) -> String {
        text.replacing("#", with: "#35;").replacing(";", with: ",").replacing("#35,", with: "#35;")
            .replacing("<", with: "#lt;").replacing(">", with: "#gt;")
    }
}
