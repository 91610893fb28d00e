import Lab
import PeerNetworking
import SimNetwork

/// Which peer is at which end of which connection, looked up once for a picture.
///
/// A client is at one end at most; a server's end of a connection is a session of the peer that listens there.
struct PeerPlaces {
    private struct Port: Hashable {
        var host: HostID
        var port: UInt16
    }

    private struct Place: Hashable {
        var connection: ConnectionID
        var host: HostID
    }

    private var attached: [Place: PeerNumber] = [:]
    private var listening: [Port: PeerNumber] = [:]
    private var listeners: Set<PeerNumber> = []
    private let world: WorldState

    init(_ snapshot: Snapshot) {
        world = snapshot.world
        let definitions = snapshot.lab.peers
        var trying: [HostID: [PeerNumber]] = [:]
        for (index, peer) in world.peers.enumerated() {
            let number = PeerNumber(Int32(index))
            let process = Int(peer.process.index)
            guard definitions.indices.contains(process) else { continue }
            let definition = definitions[process]
            if let connection = peer.connection {
                attached[Place(connection: connection, host: definition.host)] = number
            } else if definition.connect != nil, peer.state == .connecting || peer.state == .reconnecting {
                trying[definition.host, default: []].append(number)
            }
            // The first peer of a process is the one that listens; a node's links come after it.
            guard let port = definition.listen.map({ Port(host: definition.host, port: $0) }) else { continue }
            if listening[port] == nil {
                listening[port] = number
                listeners.insert(number)
            }
        }
        // Who is connecting is at the newest attempt of its host that nobody else uses.
        for connection in world.connections.reversed() {
            let end = connection.client
            let place = Place(connection: connection.id, host: end.host)
            guard end.failure == nil, end.state != nil, attached[place] == nil, let peer = trying[end.host]?.popLast()
            else { continue }
            attached[place] = peer
        }
    }

    /// The peer at an end: the one that says it uses the connection, that listens on the port, or that is connecting.
    func peer(at connection: ConnectionState, _ side: Side) -> PeerNumber? {
        let end = connection.end(side)
        if let peer = attached[Place(connection: connection.id, host: end.host)] { return peer }
        return side == .server ? listening[Port(host: end.host, port: end.port)] : nil
    }

    /// The peers that are shown by themselves: those at no end of any connection, and those whose ends are sessions.
    var alone: [PeerNumber] {
        var shown = [Bool](repeating: false, count: world.peers.count)
        for connection in world.connections {
            for side in Side.allCases {
                if let peer = peer(at: connection, side), !isOfSessions(peer) { shown[Int(peer.index)] = true }
            }
        }
        return shown.indices.lazy.filter { !shown[$0] }.map { PeerNumber(Int32($0)) }
    }

    /// Whether a peer's ends are sessions: what belongs to it belongs to all of them together.
    func isOfSessions(_ peer: PeerNumber) -> Bool {
        world.peers[Int(peer.index)].isOfSessions || listeners.contains(peer)
    }

    /// The connections of a listening peer whose end there is open.
    func sessions(of peer: PeerNumber) -> Int {
        world.connections.count { connection in
            connection.server.state != nil && self.peer(at: connection, .server) == peer
        }
    }
}
