public import PeerNetworking

/// A port that a simulated process listens on.
public struct SimListener: StreamListener {
    let world: Confined<World>
    let listener: Confined<ListeningSocket>
    let life: Confined<ProcessLife>

    /// The host and port it listens on.
    public var local: Endpoint { Endpoint(host: listener.value.host.name, port: listener.value.port) }

    /// Takes the oldest completed connection from the backlog, or waits for one.
    ///
    /// - Throws: `closed` once the listener is closed, or `cancelled`.
    public func accept() async throws(NetworkError) -> SimStream {
        let listener = listener.value
        let life = life.value
        while true {
            guard !life.endsRunningTask else {
                throw NetworkError(.cancelled, during: .accept, local: local)
            }
            if listener.isClosed { throw NetworkError(.closed, during: .accept, local: local) }
            if !listener.completed.isEmpty {
                // Linux finds no descriptor for it: it stays in the backlog, to be accepted when there is room.
                guard !listener.host.lacksSockets else {
                    world.value.emit(.struck(.exhaust, listener.host.id))
                    throw NetworkError(.tooManyOpenFiles, during: .accept, local: local)
                }
                let socket = listener.completed.removeFirst()
                socket.open(in: life)
                world.value.recordBacklog(of: listener)
                return SimStream(of: socket, in: world.value)
            }
            await listener.accepting.park(world.value.ready)
        }
    }

    /// Stops listening; connections that wait in the backlog are reset.
    public func close() async {
        guard !life.value.isDead else { return }
        world.value.closeListener(listener.value)
        life.value.listeners.removeAll { $0 === listener.value }
    }
}
