import Lab
import PeerNetworking
import Screen
import SimNetwork

/// Hosts, their processes, the links between them and what travels on those.
struct TopologyPane {
    let scene: Scene
    let traffic: Traffic

    init(scene: Scene) {
        self.scene = scene
        traffic = Traffic(scene.snapshot)
    }

    private var topology: Topology { scene.snapshot.lab.topology }

    func draw(on canvas: inout Canvas) {
        if Self.isPair(topology, within: canvas.bounds.size) {
            drawPair(on: &canvas)
        } else if Self.isFolded(topology) {
            drawFolded(on: &canvas)
        } else {
            let items = Pane.topology.items(in: scene.snapshot)
            let listed = Self.listed(items, rows: canvas.bounds.rows, isFocused: scene.view.focus == .topology)
            drawList(scene.snapshot, listed, hasProcesses: listed.count == items.count, on: &canvas)
        }
    }

    /// What a list shows: where there is no room for all of it, and nobody selects in it, processes stand beside their hosts,
    /// so that the links are seen.
    static func listed(_ items: [Item], rows: Int, isFocused: Bool) -> [Item] {
        guard items.count > rows, !isFocused else { return items }
        return items.filter { if case .process = $0 { false } else { true } }
    }

    /// Whether it is drawn as a list, of which a part may be out of sight.
    static func isList(_ topology: Topology, within size: Size) -> Bool {
        !isPair(topology, within: size) && !isFolded(topology)
    }

    private static func isPair(_ topology: Topology, within size: Size) -> Bool {
        topology.hosts.count == 2 && topology.links.count == 1 && size.columns >= 28 && size.rows >= 3
    }

    private static func isFolded(_ topology: Topology) -> Bool { topology.hosts.count > Pane.hostsWithProcesses }

    // MARK: Two hosts

    private func drawPair(on canvas: inout Canvas) {
        let link = topology.links[0]
        let rows = canvas.bounds.rows
        let columns = canvas.bounds.columns
        let top = rows >= 6 ? 1 : 0
        let side = sideWidth(columns)
        drawHost(link.first, at: Position(row: top, column: 0), width: side, on: &canvas)
        drawHost(link.second, at: Position(row: top, column: columns - side), width: side, on: &canvas)
        let lane = min(4 + DisplayWidth.of(topology.hosts[Int(link.first.index)].name), side + 1)..<(columns - side)
        drawLink(LinkID(0), row: top, columns: lane, on: &canvas)
        canvas.put(
            // Between the hosts' own notes, which are drawn over all of their columns.
            note(of: LinkID(0), canvas.glyphs), at: Position(row: top + 1, column: side),
            width: max(0, columns - 2 * side), alignment: .centre)
        if scene.isSelected(.link(LinkID(0)), in: .topology) {
            canvas.restyle(Rect(row: top, column: lane.lowerBound, rows: 2, columns: lane.count)) {
                Style(.selection, $0.emphasis)
            }
            canvas.put(canvas.glyphs.rightArrow, at: Position(row: top + 1, column: lane.lowerBound), .selection)
        }
        for (host, column) in [(link.first, 0), (link.second, columns - side)] {
            // Where it is narrow the note begins below the bullet, so that the link's own does not touch it.
            let indent = side < 10 ? 1 : 3
            canvas.put(
                hostNote(host, width: side - indent), at: Position(row: top + 1, column: column + indent),
                scene.snapshot.world.hosts[Int(host.index)].isOn ? .dim : .danger, width: side - indent)
            for (index, process) in scene.names.processes(on: host).prefix(max(0, rows - top - 2)).enumerated() {
                drawProcess(
                    process, at: Position(row: top + 2 + index, column: column), width: side, on: &canvas)
            }
        }
    }

    /// The columns for each of two hosts: what they need, as long as the link between them keeps a dozen.
    private func sideWidth(_ columns: Int) -> Int {
        var needed = 10
        for (index, host) in topology.hosts.enumerated() {
            needed = max(needed, DisplayWidth.of(host.name) + 4)
            for process in scene.names.processes(on: HostID(index)) {
                needed = max(needed, DisplayWidth.of(scene.names.name(process)) + 13)
            }
        }
        return min(needed, (columns - 12) / 2)
    }

    /// `● client`: a bullet, or a cross for a host without power.
    private func drawHost(_ host: HostID, at position: Position, width: Int, on canvas: inout Canvas) {
        let isOn = scene.snapshot.world.hosts[Int(host.index)].isOn
        let glyph = isOn ? canvas.glyphs.filledBullet : canvas.glyphs.cross
        canvas.put(
            [Span(" \(glyph) ", isOn ? .good : .danger), Span(scene.names.name(host), isOn ? .title : .danger)],
            at: position, width: width)
        mark(.host(host), at: position, width: width, on: &canvas)
    }

    private func drawProcess(_ process: ProcessID, at position: Position, width: Int, on canvas: inout Canvas) {
        canvas.put(whole: processSpans(process, canvas.glyphs), keeping: 2, at: position, width: width)
        mark(.process(process), at: position, width: width, on: &canvas)
    }

    private func mark(_ item: Item, at position: Position, width: Int, on canvas: inout Canvas) {
        guard scene.isSelected(item, in: .topology) else { return }
        canvas.restyle(Rect(row: position.row, column: position.column, rows: 1, columns: width)) {
            Style(.selection, $0.emphasis)
        }
        canvas.put(canvas.glyphs.rightArrow, at: position, .selection)
    }

    private func processSpans(_ process: ProcessID, _ glyphs: GlyphSet) -> [Span] {
        let processes = scene.snapshot.world.processes
        let view = processes.indices.contains(Int(process.index)) ? processes[Int(process.index)] : nil
        let state = view?.state ?? .defined
        let style: Style =
            switch state {
            case .running: .good
            case .paused: .warning
            case .killed, .off: .danger
            case .defined, .exited: .dim
            }
        let slow = (view?.readRate ?? 0) > 0 ? " slow" : ""
        let glyph =
            switch state {
            case .running: glyphs.filledBullet
            case .paused: glyphs.paused
            case .killed, .off: glyphs.cross
            case .defined, .exited: glyphs.hollowBullet
            }
        return [
            Span(" \(glyph) ", style), Span(scene.names.name(process)), Span(" \(state)", style), Span(slow, .warning),
        ]
    }

    /// What is to be said of a host below its name.
    func hostNote(_ host: HostID, width: Int = .max) -> String {
        guard scene.snapshot.world.hosts[Int(host.index)].isOn else { return width >= 8 ? "no power" : "off" }
        let count = scene.snapshot.world.connections.count {
            ($0.client.host == host && $0.client.state != nil) || ($0.server.host == host && $0.server.state != nil)
        }
        return "\(count) conn"
    }

    // MARK: Some hosts

    private func drawList(_ snapshot: Snapshot, _ items: [Item], hasProcesses: Bool, on canvas: inout Canvas) {
        let index = scene.view.selected[.topology].flatMap(items.firstIndex(of:)) ?? 0
        let columns = canvas.bounds.columns
        for (row, index) in ListWindow(count: items.count, selected: index, rows: canvas.bounds.rows).range.enumerated()
        {
            let position = Position(row: row, column: 0)
            switch items[index] {
            case .host(let host):
                let isOn = snapshot.world.hosts[Int(host.index)].isOn
                let width = hasProcesses ? min(columns, 20) : min(columns, hostWidth)
                drawHost(host, at: position, width: width, on: &canvas)
                let note =
                    hasProcesses || !isOn
                    ? [Span(hostNote(host), isOn ? .dim : .danger)]
                    : scene.names.processes(on: host).map { process in
                        // In one, so that it is there whole or not at all.
                        let spans = processSpans(process, canvas.glyphs).prefix(2)
                        return Span(spans.map(\.text).joined(), spans[0].style)
                    }
                canvas.put(
                    whole: note, keeping: 1, at: Position(row: row, column: width + 1),
                    width: max(0, columns - width - 1))
            case .process(let process):
                drawProcess(process, at: Position(row: row, column: 3), width: max(0, columns - 3), on: &canvas)
            case .link(let link): drawLinkRow(link, row: row, on: &canvas)
            default: break
            }
        }
    }

    /// The columns that the longest name of a host takes with its bullet.
    private var hostWidth: Int {
        min(20, (topology.hosts.map { DisplayWidth.of($0.name) }.max() ?? 0) + 3)
    }

    /// `a ━━▸━━ b  1 in flight`.
    func drawLinkRow(_ id: LinkID, row: Int, on canvas: inout Canvas) {
        let link = topology.links[Int(id.index)]
        let columns = canvas.bounds.columns
        let noteWidth = min(20, columns / 3)
        let longest = topology.hosts.prefix(Pane.hostsWithProcesses).map { DisplayWidth.of($0.name) }.max() ?? 6
        let nameWidth = min(max(6, longest), 14, max(6, (columns - noteWidth) / 3))
        let right = columns - noteWidth - nameWidth - 1
        canvas.put(
            scene.names.name(link.first), at: Position(row: row, column: 1), width: nameWidth, alignment: .trailing)
        drawLink(id, row: row, columns: (nameWidth + 2)..<max(nameWidth + 2, right - 1), on: &canvas)
        canvas.put(scene.names.name(link.second), at: Position(row: row, column: right), width: nameWidth)
        canvas.put(note(of: id, canvas.glyphs), at: Position(row: row, column: right + nameWidth + 1), width: noteWidth)
        mark(.link(id), at: Position(row: row, column: 0), width: columns, on: &canvas)
    }
}
