import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Pane {
    static let connections = Pane(ConnectionsPane.self)
}

/// Both ends of every connection side by side, each with what it believes; then the peers that are shown by themselves.
struct ConnectionsPane: PaneView {
    static let name = "connections"
    static let title = "Connections"
    static let place = PanePlace(
        band: .upper, columns: .weight(3), stacked: .fixed(6), compared: .weight(2))

    let scene: Scene
    let places: PeerPlaces

    init(scene: Scene) {
        self.scene = scene
        places = PeerPlaces(scene.snapshot)
    }

    static func items(in snapshot: Snapshot) -> [Item] {
        snapshot.world.connections.map { .connection($0.id) } + PeerPlaces(snapshot).alone.map(Item.peer)
    }

    var note: String { "\(scene.snapshot.world.connections.count)" }

    // MARK: Where its items are

    /// The rows of all connections and peers that the lab has while nothing has gone wrong.
    static func rows(for snapshot: Snapshot, columns: Int) -> Int? {
        let peers = snapshot.lab.peers
        let connecting = peers.count { $0.connect != nil }
        return max(1, connecting) * tallest(within: columns) + 2 * peers.count { $0.listen != nil }
    }

    /// The rows of a connection of which everything is shown: what an end says of its bytes on the way has a row of its own
    /// where it does not fit beside its buffer.
    private static func tallest(within columns: Int) -> Int { endWidth(within: columns) < 50 ? 5 : 4 }

    /// The columns of an end, at least.
    private static func endWidth(within columns: Int) -> Int { (columns - leastStart) / 2 - 3 }
    /// The columns before the first end, at least: those of a short name.
    private static let leastStart = 4

    /// The rows that an item takes.
    private static func height(of item: Item, rows: Int, connection: Int) -> Int {
        if case .connection = item { return rows >= 4 ? connection : min(rows, 2) }
        return rows >= 4 ? 2 : 1
    }

    /// Which items are shown, and in which rows, so that the selected one is among them.
    private static func placement(
        _ items: [Item], selected: Int, within size: Size
    ) -> [(index: Int, row: Int, height: Int)] {
        let rows = size.rows
        guard rows > 0, !items.isEmpty else { return [] }
        // A row more for each connection where it is needed, and all else has a row at least.
        let tallest = tallest(within: size.columns)
        let all = items.prefix(rows).reduce(0) { sum, item in
            if case .connection = item { sum + tallest } else { sum + 1 }
        }
        let connection = all <= rows ? tallest : 4
        let heights = { (index: Int) in height(of: items[index], rows: rows, connection: connection) }
        var first = selected
        var used = heights(selected)
        // As much before the selected item as leaves it in view.
        while first > 0, used + heights(first - 1) <= rows {
            first -= 1
            used += heights(first)
        }
        var placed: [(index: Int, row: Int, height: Int)] = []
        var row = 0
        for index in first..<items.count where row < rows {
            placed.append((index, row, min(heights(index), rows - row)))
            row += heights(index)
        }
        return placed
    }

    private func placed(within size: Size) -> (items: [Item], places: [(index: Int, row: Int, height: Int)]) {
        let items = scene.snapshot.world.connections.map { Item.connection($0.id) } + places.alone.map(Item.peer)
        return (items, Self.placement(items, selected: Self.index(in: items, scene.view), within: size))
    }

    func window(within size: Size) -> (shown: Range<Int>, count: Int)? {
        let (items, places) = placed(within: size)
        return ((places.first?.index ?? 0)..<(places.last.map { $0.index + 1 } ?? 0), items.count)
    }

    func item(at position: Position, within size: Size) -> Item? {
        let (items, places) = placed(within: size)
        return places.first { position.row >= $0.row && position.row < $0.row + $0.height }.map { items[$0.index] }
    }

    func draw(on canvas: inout Canvas) {
        let (items, places) = placed(within: canvas.bounds.size)
        if items.isEmpty { return canvas.nothing("no connection and no peer yet") }
        let selected = Self.index(in: items, scene.view)
        for place in places {
            let rect = Rect(row: place.row, column: 0, rows: place.height, columns: canvas.bounds.columns)
            canvas.within(rect) { canvas in
                switch items[place.index] {
                case .connection(let id):
                    if let connection = scene.snapshot.world.connection(id) { draw(connection, on: &canvas) }
                case .peer(let peer): drawAlone(peer, on: &canvas)
                case .host, .process, .link, .event, .upcoming, .site, .family, .expectation, .violation, .storyLine:
                    break
                }
            }
            if isFocused, place.index == selected { canvas.select(row: place.row) }
        }
    }
}
