import Foundation
import PeerNetworking
import SimNetwork

/// A picture of a run: a space-time diagram, time from top to bottom, and below it the time–sequence graph of a connection.
///
/// Every text has a line of its own, so that none stands on another.
final class SVGExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private var diagram = SpaceTime()
    private var graphs: [Side: SequenceGraph] = [:]
    /// Texts of the diagram: they stand above all lines.
    private var texts = ""
    /// The connection that the graph is of.
    private var connection: ConnectionID?

    // In pixels.
    private static let gutter = 120.0
    private static let rowHeight = 16.0
    private static let top = 64.0
    private static let margin = 16.0

    init(_ scope: ExportScope) {
        self.scope = scope
        if let connection = scope.connection { follow(connection) }
    }

    private func follow(_ connection: ConnectionID) {
        self.connection = connection
        for side in [Side.client, .server] { graphs[side] = SequenceGraph(connection, from: side, in: scope.times) }
    }

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) {
        diagram.take(record, names, isShown: isShown, scope)
        if connection == nil, isShown {
            for case .sent(let segment) in record.changes where connection == nil { follow(segment.connection) }
        }
        guard record.time <= scope.times.upperBound else { return }
        for side in [Side.client, .server] { graphs[side]?.take(record) }
    }

    func finish() throws(SessionError) {
        guard diagram.count <= SpaceTime.most else {
            throw SessionError(
                "a picture has \(SpaceTime.most) segments at most, these are \(diagram.count): --from and --to take fewer, --connection one connection's"
            )
        }
        let graph = [Side.client, .server].compactMap { graphs[$0] }.filter { !$0.isEmpty }
            .max { $0.marks.count < $1.marks.count }
        let rows = SpaceTimeRows(diagram, height: Self.rowHeight)
        let hosts = hostsShown
        // The longest text fits between two hosts.
        let longest = diagram.flights.map { $0.text.count + ($0.loss.map { $0.count + 8 } ?? 0) }.max() ?? 20
        let column = max(200.0, Double(longest + 4) * SVGText.letter)
        let notes = Double(diagram.notes.map(\.text.count).max() ?? 0) * SVGText.letter
        let width = max(
            Self.gutter + Double(max(1, hosts.count - 1)) * column + Self.gutter, Self.gutter + notes + Self.margin,
            800)
        let graphTop = Self.top + rows.height + 40
        let height = graph == nil ? graphTop : graphTop + SequencePicture.height + Self.margin
        let title = "\(scope.lab.name), seed \(scope.seed)"
        write(SVGText.head(width: width, height: height, title: title))
        write(SVGText.text(Self.margin, 20, SVGText.fitted(title, width - 2 * Self.margin), "head"))
        draw(rows, hosts, column, width)
        write(texts)
        if let graph, let connection {
            write(SequencePicture(graph, connection, width: width, top: graphTop).text)
        }
        write("</svg>\n")
    }

    /// The hosts between which something was sent, in their order; the first alone where nothing was.
    private var hostsShown: [HostID] {
        let shown = Set(diagram.flights.flatMap { [$0.from, $0.to] } + diagram.notes.compactMap(\.host))
        return shown.isEmpty ? [HostID(0)] : shown.sorted { $0.index < $1.index }
    }

    private func draw(_ rows: SpaceTimeRows, _ hosts: [HostID], _ column: Double, _ width: Double) {
        let places = Dictionary(uniqueKeysWithValues: hosts.enumerated().map { ($1, Double($0)) })
        func x(_ host: HostID) -> Double { Self.gutter + (places[host] ?? 0) * column }
        for host in hosts {
            let style = host == hosts.first ? "head" : host == hosts.last ? "head end" : "head middle"
            write(SVGText.text(x(host), Self.top - 16, SVGText.fitted(scope.name(host), column - 16), style))
            write(SVGText.line(x(host), Self.top - 8, x(host), Self.top + rows.height, "life"))
        }
        for row in rows.rows {
            let y = Self.top + row.y
            if row.showsTime { texts += SVGText.text(Self.gutter - 10, y + 4, TimeText.clock(row.time), "time") }
            switch row.what {
            case .note(let place):
                let note = diagram.notes[place]
                texts += SVGText.text(
                    Self.gutter + 8, y + 4, SVGText.fitted(note.text, width - Self.gutter - 16),
                    note.isFault ? "fault" : "head")
            case .flight(let place):
                let flight = diagram.flights[place]
                draw(flight, from: x(flight.from), to: x(flight.to), y, Self.top + rows.end(ofFlight: place), width)
            }
        }
    }

    private func draw(
        _ flight: SpaceTime.Flight, from: Double, to: Double, _ y: Double, _ end: Double, _ width: Double
    ) {
        let style = flight.loss != nil ? "lost" : flight.isRepeat ? "again" : "sent"
        // What is lost, or on its way, ends between the hosts.
        let reach = flight.loss == nil && flight.endedAt != nil ? 1 : 0.6
        let (endX, endY) = (from + (to - from) * reach, y + (end - y) * reach)
        write(SVGText.line(from, y, endX, endY, style))
        if flight.loss != nil {
            write(SVGText.line(endX - 4, endY - 4, endX + 4, endY + 4, "cross"))
            write(SVGText.line(endX - 4, endY + 4, endX + 4, endY - 4, "cross"))
        }
        let text = flight.text + (flight.loss.map { ", lost: \($0)" } ?? "")
        let isRightwards = to >= from
        texts += SVGText.text(
            from + (isRightwards ? 8 : -8), y - 2, text,
            (flight.loss != nil ? "bad" : "") + (isRightwards ? "" : " end"))
    }
}
