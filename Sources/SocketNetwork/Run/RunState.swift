internal import NIOCore
internal import PeerNetworking

/// What the processes of a run share on the loop: connection numbers, and who connects to whom. On the loop only.
final class RunState {
    /// The two real addresses of a connection: its name in the kernel.
    struct Pair: Hashable {
        let client: SocketAddress
        let server: SocketAddress
    }

    /// One end of a connection.
    struct End: Hashable {
        let connection: ConnectionID
        let side: SocketSide
    }

    let executor: EventLoopExecutor
    let directory: HostDirectory?
    let observer: (any SocketObserver)?

    @exclusivity(unchecked) private var lastConnection: UInt32 = 0
    /// Connections that were opened here and that no listener has accepted yet.
    @exclusivity(unchecked) private var unaccepted: [Pair: ConnectionID] = [:]
    /// Real ports that listeners of this run are bound to, and how many listeners each.
    @exclusivity(unchecked) private var listeningPorts: [Int: Int] = [:]
    /// Open streams by connection and side; looked up, never iterated over.
    @exclusivity(unchecked) private var streams: [End: StreamCore] = [:]

    init(executor: EventLoopExecutor, directory: HostDirectory?, observer: (any SocketObserver)?) {
        self.executor = executor
        self.directory = directory
        self.observer = observer
    }

    func nextConnection() -> ConnectionID {
        lastConnection += 1
        return ConnectionID(lastConnection)
    }

    // MARK: Both ends of a connection

    /// A connection attempt has left; the listener may accept it before the attempt is told of it.
    func left(_ pair: Pair, as connection: ConnectionID) {
        unaccepted[pair] = connection
    }

    /// The connecting end is gone. Where a listener here may still take the connection from its backlog, its number
    /// stays.
    func forget(_ pair: Pair) {
        if listeningPorts[pair.server.port ?? 0] == nil { unaccepted[pair] = nil }
    }

    /// The number of an accepted connection: that of its other end where that is here too, else a new one.
    func accepted(_ pair: Pair) -> ConnectionID {
        unaccepted.removeValue(forKey: pair) ?? nextConnection()
    }

    func listens(onRealPort port: Int) {
        listeningPorts[port, default: 0] += 1
    }

    func stopped(onRealPort port: Int) {
        guard let count = listeningPorts[port] else { return }
        listeningPorts[port] = count > 1 ? count - 1 : nil
        if count == 1 { unaccepted = unaccepted.filter { $0.key.server.port != port } }
    }

    // MARK: Open streams

    func opened(_ stream: StreamCore) {
        streams[End(connection: stream.connection, side: stream.side)] = stream
    }

    func gone(_ stream: StreamCore) {
        let end = End(connection: stream.connection, side: stream.side)
        if streams[end] === stream { streams[end] = nil }
    }

    func stream(_ connection: ConnectionID, _ side: SocketSide) -> StreamCore? {
        streams[End(connection: connection, side: side)]
    }
}
