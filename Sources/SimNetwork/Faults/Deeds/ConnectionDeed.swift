import PeerNetworking

/// Something that is done to connections, or to one end of them.
protocol ConnectionDeed: Deed, OneForm, Acting where Target == [Socket] {
    var scope: ConnectionScope { get }
}

extension World {
    /// The ends that are meant: of a connection the one given, or the client's; of a process its own.
    func ends(of scope: ConnectionScope) throws(ActionError) -> [Socket] {
        switch scope {
        case .connection(let id, let side):
            let connection = try self.connection(id)
            return [connection.socket(side ?? .client)].compactMap { $0 }
        case .process(let id):
            let process = try self.process(id)
            guard let life = process.life else { throw ActionError("\(process.name) is not running") }
            return process.host.sockets.ordered.filter { $0.life === life }
        }
    }
}
