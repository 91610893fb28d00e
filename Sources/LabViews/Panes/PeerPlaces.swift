import Lab
import PeerNetworking
import SimNetwork

/// Which peer is at which end of which connection, looked up once for a picture.
struct PeerPlaces {
    private struct Port: Hashable {
        var host: HostID
        var port: UInt16
    }

    private struct Attachment: Hashable {
        var connection: ConnectionID
        var host: HostID
    }

    private var attached: [Attachment: PeerNumber] = [:]
    private var listening: [Port: PeerNumber] = [:]
    private var trying: [HostID: PeerNumber] = [:]
    private let world: WorldState

    init(_ snapshot: Snapshot) {
        world = snapshot.world
        let definitions = snapshot.lab.peers
        for (index, peer) in world.peers.enumerated() {
            let number = PeerNumber(Int32(index))
            let process = Int(peer.process.index)
            guard definitions.indices.contains(process) else { continue }
            let definition = definitions[process]
            if let connection = peer.connection {
                attached[Attachment(connection: connection, host: definition.host)] = number
            } else if definition.connect != nil, peer.state == .connecting || peer.state == .reconnecting,
                trying[definition.host] == nil
            {
                trying[definition.host] = number
            }
            // The first peer of a process is the one that listens; a node's links come after it.
            guard let port = definition.listen.map({ Port(host: definition.host, port: $0) }) else { continue }
            if listening[port] == nil { listening[port] = number }
        }
    }

    /// The peer at an end: the one that says it uses the connection, that listens on the port, or that is connecting.
    func peer(at connection: ConnectionState, _ side: Side) -> PeerNumber? {
        let end = connection.end(side)
        if let peer = attached[Attachment(connection: connection.id, host: end.host)] { return peer }
        if side == .server { return listening[Port(host: end.host, port: end.port)] }
        return end.failure == nil && end.state != nil ? trying[end.host] : nil
    }

    /// The peers that are at no end of any connection, in order.
    var idle: [PeerNumber] {
        var busy = [Bool](repeating: false, count: world.peers.count)
        for connection in world.connections {
            for side in Side.allCases {
                if let peer = peer(at: connection, side) { busy[Int(peer.index)] = true }
            }
        }
        return busy.indices.lazy.filter { !busy[$0] }.map { PeerNumber(Int32($0)) }
    }
}
