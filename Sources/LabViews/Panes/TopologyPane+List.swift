import Lab
import PeerNetworking
import Screen
import SimNetwork

extension TopologyPane {
    func drawListed(on canvas: inout Canvas) {
        let items = listed(rows: canvas.bounds.rows)
        let hasProcesses = items.count == Self.items(in: scene.snapshot).count
        let shown = window(within: canvas.bounds.size)?.shown ?? 0..<0
        for (row, index) in shown.enumerated() {
            switch items[index] {
            case .host(let host): drawHostRow(host, row: row, hasProcesses: hasProcesses, on: &canvas)
            case .process(let process):
                drawProcess(
                    process, at: Position(row: row, column: 3), width: max(0, canvas.bounds.columns - 3), on: &canvas)
            case .link(let link): drawLinkRow(link, row: row, on: &canvas)
            case .connection, .peer, .event, .upcoming, .site, .family, .expectation, .violation, .storyLine: break
            }
        }
    }

    /// A host; with its processes beside it where they have no rows of their own.
    private func drawHostRow(_ host: HostID, row: Int, hasProcesses: Bool, on canvas: inout Canvas) {
        let columns = canvas.bounds.columns
        let isOn = scene.snapshot.world.hosts[Int(host.index)].isOn
        let width = min(columns, max(hasProcesses ? 20 : 0, hostWidth))
        drawHost(host, at: Position(row: row, column: 0), width: width, on: &canvas)
        let note =
            hasProcesses || !isOn
            ? [Span(hostNote(host), isOn ? .dim : .danger)]
            : scene.names.processes(on: host).map { process in
                // In one, so that it is there whole or not at all.
                let spans = processSpans(process, canvas.glyphs).prefix(2)
                return Span(spans.map(\.text).joined(), spans[0].style)
            }
        canvas.put(
            whole: note, keeping: 1, at: Position(row: row, column: width + 1), width: max(0, columns - width - 1))
    }

    /// The columns that the longest name of a host takes with its bullet.
    private var hostWidth: Int {
        (topology.hosts.map { DisplayWidth.of($0.name) }.max() ?? 0) + 3
    }

    /// The columns of a link and of the spaces beside it, at least.
    private static let leastLane = 7
    /// The columns of what is to be said of a link, at least.
    private static let leastNote = 5
    /// Links whose ends' names are measured, so that all rows are alike.
    private static let linksMeasured = 64

    /// `a ━━▸━━ b  1 in flight`.
    func drawLinkRow(_ id: LinkID, row: Int, on canvas: inout Canvas) {
        let link = topology.links[Int(id.index)]
        let columns = canvas.bounds.columns
        let longest = topology.links.prefix(Self.linksMeasured).map { link in
            max(DisplayWidth.of(scene.names.name(link.first)), DisplayWidth.of(scene.names.name(link.second)))
        }
        // Names come first, then what is to be said of the link, then its picture.
        let nameWidth = min(max(6, longest.max() ?? 6), max(6, (columns - Self.leastNote - Self.leastLane) / 2))
        let rest = columns - 2 * nameWidth - Self.leastLane
        let noteWidth = max(Self.leastNote, min(columns / 3, 20, rest), min(24, rest - Self.leastNote))
        let right = columns - noteWidth - nameWidth - 1
        canvas.put(
            scene.names.name(link.first), at: Position(row: row, column: 1), width: nameWidth, alignment: .trailing)
        drawLink(id, row: row, columns: (nameWidth + 2)..<max(nameWidth + 2, right - 1), on: &canvas)
        canvas.put(scene.names.name(link.second), at: Position(row: row, column: right), width: nameWidth)
        canvas.put(note(of: id, canvas.glyphs), at: Position(row: row, column: right + nameWidth + 1), width: noteWidth)
        mark(.link(id), at: Position(row: row, column: 0), width: columns, on: &canvas)
    }
}
