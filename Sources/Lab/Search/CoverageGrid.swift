package import PeerNetworking
package import SimNetwork
package import TCP

/// The grid of fault × state that runs of a lab can reach: its rows are the families of faults that the lab has, its columns the
/// states of TCP connections (RFC 9293) and of peers.
package struct CoverageGrid: Hashable, Sendable {
    /// A state, of a connection's end or of a peer.
    package enum Column: Hashable, Sendable {
        case connection(TCPState)
        case peer(PeerState)

        /// As the grid names it.
        package var name: String {
            switch self {
            case .connection(let state): state.description
            case .peer(let state): state.description
            }
        }
    }

    /// A fault in a state, by its place in the grid.
    package struct Cell: Hashable, Sendable, Comparable {
        package let place: Int

        package static func < (left: Cell, right: Cell) -> Bool { left.place < right.place }
    }

    /// The columns of every grid. An end in CLOSED is no connection that a fault could meet.
    package static let columns: [Column] =
        TCPState.allCases.filter { $0 != .closed }.map(Column.connection) + PeerState.allCases.map(Column.peer)

    /// The families, in the order of the catalogue.
    package let rows: [FaultFamily]
    private let places: [Int?]

    /// The grid of a lab: the families of its schedule, of what stands in it, of its links and of its chaos.
    package init(_ lab: LabDefinition) {
        self.init(FaultFamily.allCases.filter(Set(lab.families).contains))
    }

    init(_ rows: [FaultFamily]) {
        self.rows = rows
        places = FaultFamily.allCases.map { family in rows.firstIndex(of: family) }
    }

    /// How many cells it has.
    package var count: Int { rows.count * Self.columns.count }
    /// All of them, row by row.
    package var cells: [Cell] { (0..<count).map(Cell.init) }

    /// The cell of a family and a state; nil where it has none.
    @inline(__always)
    func cell(_ family: FaultFamily, _ column: Int) -> Cell? {
        places[family.position].map { Cell(place: $0 * Self.columns.count + column) }
    }

    /// Whether it has a row for a family.
    func has(_ family: FaultFamily) -> Bool { places[family.position] != nil }

    /// A cell as it is written: `partition × FIN-WAIT-1`.
    package func name(_ cell: Cell) -> String {
        "\(rows[cell.place / Self.columns.count]) × \(Self.columns[cell.place % Self.columns.count].name)"
    }

    /// Reads a cell: `partition × FIN-WAIT-1`, with `x` or `*` for the sign and `_` for the dashes too.
    ///
    /// - Throws: ``SessionError`` that says what there is, with what was perhaps meant.
    package func cell(named text: String) throws(SessionError) -> Cell {
        let parts = text.split { "×*".contains($0) || $0.isWhitespace }.filter { $0 != "x" }.map(String.init)
        guard parts.count == 2 else {
            throw SessionError("a cell is a fault and a state, as in 'partition × FIN-WAIT-1'")
        }
        let families = rows.map(\.rawValue)
        guard let row = families.firstIndex(of: parts[0]) else {
            let offer = Suggestion.offer(
                for: parts[0], among: families,
                all: families.isEmpty ? "it has none" : "it has \(families.joined(separator: ", "))")
            throw SessionError("the lab has no fault \(quoted(parts[0]))\(offer)")
        }
        let names = Self.columns.map(\.name)
        let state = parts[1].replacing("_", with: "-")
        guard
            let column = names.firstIndex(of: state)
                ?? names.firstIndex(where: { $0.lowercased() == state.lowercased() })
        else {
            let offer = Suggestion.offer(
                for: state, among: names, all: "a state is one of \(names.joined(separator: ", "))")
            throw SessionError("there is no state \(quoted(parts[1]))\(offer)")
        }
        return Cell(place: row * Self.columns.count + column)
    }

    static func column(of state: TCPState) -> Int? { state == .closed ? nil : Int(state.rawValue) - 1 }
    static func column(of state: PeerState) -> Int { TCPState.allCases.count - 1 + Int(state.rawValue) }
}

extension LabDefinition {
    /// The families of the faults that its runs may have, some of them more than once.
    fileprivate var families: [FaultFamily] {
        var families = faults.map(\.action.family) + standing.map(\.family) + (chaos?.families ?? [])
        for link in topology.links {
            for properties in [link.forward, link.backward] { families += properties.drawnFamilies }
        }
        return families
    }
}

extension LinkProperties {
    /// The families of which a link draws by itself.
    fileprivate var drawnFamilies: [FaultFamily] {
        var families: [FaultFamily] = []
        if loss != .never { families.append(.loss) }
        if duplicate != .never { families.append(.duplicate) }
        if reorder.probability != .never { families.append(.reorder) }
        if corrupt != Corruption() { families.append(.corrupt) }
        return families
    }
}
