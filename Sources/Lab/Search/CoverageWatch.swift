import PeerNetworking
import SimNetwork
import TCP

/// Sees, change by change, in which states of connections and peers a run's faults strike.
///
/// A fault meets those that it concerns: a draw its connection, an action the connections and peers whose hosts, links,
/// processes or ways it names. What meets them is the state right before it.
struct CoverageWatch {
    let grid: CoverageGrid
    private(set) var cells: CoveredCells
    /// The event at which the run first came to each cell; 0 where it has not.
    private var firsts: [Int]
    private let lab: LabDefinition
    private var routes: Routes
    /// The action that is told of, and the columns of those that it meets.
    private var met: (action: Action, columns: [Int])?

    /// The changes that it is to be shown.
    static let interests: ChangeKinds = [.action, .fault]

    init(_ lab: LabDefinition, _ grid: CoverageGrid) {
        (self.lab, self.grid) = (lab, grid)
        cells = CoveredCells(of: grid.count)
        firsts = Array(repeating: 0, count: grid.count)
        routes = Routes(lab.topology)
    }

    /// The event at which the run first came to a cell; nil where it has not.
    func first(_ cell: CoverageGrid.Cell) -> Int? { firsts[cell.place] > 0 ? firsts[cell.place] : nil }

    mutating func sees(_ change: Change, in world: WorldState) {
        switch change {
        case .action(let action):
            met = action.heals || !grid.has(action.family) ? nil : (action, columns(metBy: action, world))
        case .partition(let partition, true):
            // Who is on which side may have been drawn.
            if let action = met?.action, action.family == .partition {
                met = (action, columns(world) { partition.blocks($0, $1) || partition.blocks($1, $0) })
            }
        case .fault(let family, let turn):
            guard turn != .healed, let met, met.action.family == family else { return }
            for column in met.columns { reach(family, column, world) }
        case .draw(let draw):
            guard draw.fires, case .fault(let site) = draw.site, grid.has(site.family),
                let connection = draw.subject.connection.flatMap(world.connection)
            else { return }
            for column in columns(of: connection, world) { reach(site.family, column, world) }
        case .name, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening, .backlog,
            .opened, .tcp, .end, .unasked, .failed, .forgotten, .sent, .arrived, .lost, .delayed, .peerRegistered,
            .peer,
            .forwarded, .duplicated, .corrupted, .marked, .held, .queue, .shaped, .clogged, .hostClogged,
            .partition(_, false), .standing, .struck:
            return
        }
    }

    private mutating func reach(_ family: FaultFamily, _ column: Int, _ world: WorldState) {
        guard let cell = grid.cell(family, column) else { return }
        if cells.insert(cell) { firsts[cell.place] = world.event }
    }

    // MARK: Whom a fault meets

    private mutating func columns(metBy action: Action, _ world: WorldState) -> [Int] {
        let places = action.form.operands.compactMap { FaultPlace(action.operands[$0.name], lab) }
        // One that names no place is done to the network as a whole.
        guard !places.isEmpty else { return columns(world) { _, _ in true } }
        var columns = Columns()
        for connection in world.connections {
            let way = (connection.client.host, connection.server.host)
            guard places.contains(where: { meets($0, connection, way) }) else { continue }
            columns.add(self.columns(of: connection, world))
        }
        for peer in world.peers where places.contains(where: { $0.has(lab.peers[Int(peer.process.index)].host, lab) }) {
            columns.add(CoverageGrid.column(of: peer.state))
        }
        return columns.all
    }

    private mutating func meets(_ place: FaultPlace, _ connection: ConnectionState, _ way: (HostID, HostID)) -> Bool {
        switch place {
        case .link(let link): routes.path(from: way.0, to: way.1)?.contains { $0.link == link } ?? false
        case .hosts(let hosts): hosts.contains(way.0) || hosts.contains(way.1)
        case .between(let first, let second):
            first.contains(way.0) && second.contains(way.1) || first.contains(way.1) && second.contains(way.0)
        case .service(let service):
            service.host == way.1 && (service.port == nil || service.port == connection.server.port)
        case .connection(let id): id == connection.id
        }
    }

    private func columns(_ world: WorldState, _ concerns: (HostID, HostID) -> Bool) -> [Int] {
        var columns = Columns()
        for connection in world.connections where concerns(connection.client.host, connection.server.host) {
            columns.add(self.columns(of: connection, world))
        }
        return columns.all
    }

    /// The states of a connection's ends, and of the peers that use it.
    private func columns(of connection: ConnectionState, _ world: WorldState) -> [Int] {
        Side.allCases.compactMap { connection.end($0).state.flatMap(CoverageGrid.column(of:)) }
            + world.peers.lazy.filter { $0.connection == connection.id }.map { CoverageGrid.column(of: $0.state) }
    }
}

/// Columns of a grid, each once.
private struct Columns {
    private var bits: UInt64 = 0

    mutating func add(_ column: Int) { bits |= 1 << UInt64(column) }
    mutating func add(_ columns: [Int]) { for column in columns { add(column) } }

    var all: [Int] { (0..<CoverageGrid.columns.count).filter { bits & (1 << UInt64($0)) != 0 } }
}

/// What an operand of an action names, where it is a place.
private enum FaultPlace {
    case link(LinkID)
    case hosts([HostID])
    case between([HostID], [HostID])
    case service(ServiceScope)
    case connection(ConnectionID)

    init?(_ operand: OperandValue?, _ lab: LabDefinition) {
        switch operand {
        case .link(let link): self = .link(link)
        case .host(let host): self = .hosts([host])
        case .hosts(let hosts): self = .hosts(hosts)
        case .groups(let first, let second): self = .between(first, second)
        case .pair(let first, let second): self = .between([first], [second])
        case .peer(let process): self = .hosts([lab.peers[Int(process.index)].host])
        case .service(let service): self = .service(service)
        case .connection(let id): self = .connection(id)
        case .direction, .bound, .side, .number, .probability, .latency, .loss, .flag, .word, .text, nil: return nil
        }
    }

    /// Whether a host's peers are met.
    func has(_ host: HostID, _ lab: LabDefinition) -> Bool {
        switch self {
        case .hosts(let hosts): hosts.contains(host)
        case .service(let service): service.host == host
        case .between(let first, let second): first.contains(host) || second.contains(host)
        case .link(let link):
            lab.topology.links[Int(link.index)].first == host || lab.topology.links[Int(link.index)].second == host
        case .connection: false
        }
    }
}

extension DrawSubject {
    /// The connection that it was drawn for; nil where it was for none.
    fileprivate var connection: ConnectionID? {
        switch self {
        case .segment(let segment): segment.connection
        case .connection(let id), .end(let id, _): id
        case .lane, .network, .lookup, .process, .named: nil
        }
    }
}
