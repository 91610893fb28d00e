import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Pane {
    static let topology = Pane(TopologyPane.self)
}

/// Hosts, their processes, the links between them and what travels on those.
struct TopologyPane: PaneView {
    static let name = "topology"
    static let title = "Topology"
    static let place = PanePlace(band: .upper, columns: .weight(2), stacked: .fixed(5), leastStacked: 17)

    let scene: Scene
    let traffic: Traffic
    /// What is selected, while keys go to this pane: looked up once, for every row asks.
    private let selected: Item?

    init(scene: Scene) {
        self.scene = scene
        traffic = Traffic(scene.snapshot)
        selected = scene.focus == Self.pane ? Self.selection(scene.view, scene.snapshot) : nil
    }

    var topology: Topology { scene.snapshot.lab.topology }

    static func items(in snapshot: Snapshot) -> [Item] {
        let names = Names(snapshot)
        var items: [Item] = []
        for index in snapshot.lab.topology.hosts.indices {
            items.append(.host(HostID(index)))
            guard !isFolded(snapshot.lab.topology) else { continue }
            items += names.processes(on: HostID(index)).map(Item.process)
        }
        return items + snapshot.lab.topology.links.indices.map { .link(LinkID($0)) }
    }

    static func rows(for snapshot: Snapshot, columns: Int) -> Int? {
        let topology = snapshot.lab.topology
        if isFolded(topology) { return nil }
        guard isPair(topology, within: Size(rows: .max, columns: columns)) else { return items(in: snapshot).count }
        let names = Names(snapshot)
        return 3 + (topology.hosts.indices.map { names.processes(on: HostID($0)).count }.max() ?? 0)
    }

    var note: String {
        let world = scene.snapshot.world
        let down = world.hosts.count { !$0.isOn }
        return NumberText.count(world.hosts.count, "host") + (down > 0 ? ", \(down) down" : "")
            + (world.partitions.isEmpty ? "" : ", parted")
    }

    /// What a list of it shows in so many rows.
    func listed(rows: Int) -> [Item] {
        Self.listed(Self.items(in: scene.snapshot), rows: rows, isFocused: isFocused)
    }

    func window(within size: Size) -> (shown: Range<Int>, count: Int)? {
        guard Self.isList(topology, within: size) else { return nil }
        let items = listed(rows: size.rows)
        let selected = Self.index(in: items, scene.view)
        return (ListWindow(count: items.count, selected: selected, rows: size.rows).range, items.count)
    }

    func item(at position: Position, within size: Size) -> Item? {
        guard let shown = window(within: size)?.shown else { return nil }
        let index = shown.lowerBound + position.row
        return shown.contains(index) ? listed(rows: size.rows)[index] : nil
    }

    func draw(on canvas: inout Canvas) {
        if Self.isPair(topology, within: canvas.bounds.size) {
            drawPair(on: &canvas)
        } else if Self.isFolded(topology) {
            drawFolded(on: &canvas)
        } else {
            drawListed(on: &canvas)
        }
    }

    /// What a list shows: where there is no room for all of it, and nobody selects in it, processes stand beside their hosts,
    /// so that the links are seen.
    private static func listed(_ items: [Item], rows: Int, isFocused: Bool) -> [Item] {
        guard items.count > rows, !isFocused else { return items }
        return items.filter { if case .process = $0 { false } else { true } }
    }

    /// Whether it is drawn as a list, of which a part may be out of sight.
    private static func isList(_ topology: Topology, within size: Size) -> Bool {
        !isPair(topology, within: size) && !isFolded(topology)
    }

    private static func isPair(_ topology: Topology, within size: Size) -> Bool {
        topology.hosts.count == 2 && topology.links.count == 1 && size.columns >= 28 && size.rows >= 3
    }

    private static func isFolded(_ topology: Topology) -> Bool { topology.hosts.count > hostsWithProcesses }

    /// With more hosts than this, processes are not listed one by one.
    static let hostsWithProcesses = 16

    /// `● client`: a bullet, or a cross for a host without power.
    func drawHost(_ host: HostID, at position: Position, width: Int, on canvas: inout Canvas) {
        let isOn = scene.snapshot.world.hosts[Int(host.index)].isOn
        let glyph = isOn ? canvas.glyphs.filledBullet : canvas.glyphs.cross
        canvas.put(
            [Span(" \(glyph) ", isOn ? .good : .danger), Span(scene.names.name(host), isOn ? .title : .danger)],
            at: position, width: width)
        mark(.host(host), at: position, width: width, on: &canvas)
    }

    func drawProcess(_ process: ProcessID, at position: Position, width: Int, on canvas: inout Canvas) {
        canvas.put(whole: processSpans(process, canvas.glyphs), keeping: 2, at: position, width: width)
        mark(.process(process), at: position, width: width, on: &canvas)
    }

    func isSelected(_ item: Item) -> Bool { selected == item }

    func mark(_ item: Item, at position: Position, width: Int, on canvas: inout Canvas) {
        guard isSelected(item) else { return }
        canvas.restyle(Rect(row: position.row, column: position.column, rows: 1, columns: width)) {
            Style(.selection, $0.emphasis)
        }
        canvas.put(canvas.glyphs.rightArrow, at: position, .selection)
    }

    func processSpans(_ process: ProcessID, _ glyphs: GlyphSet) -> [Span] {
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
}
