internal import PeerNetworking

/// What the processes of a run share on the loop. On the loop only.
final class RunState {
    /// One end of a connection.
    struct End: Hashable {
        let connection: ConnectionID
        let side: SocketSide
    }

    let executor: EventLoopExecutor
    let directory: HostDirectory?
    let observer: (any SocketObserver)?
    /// What is asked for names instead of the system.
    let names: NameSource?

    /// The numbers of its connections.
    let book: ConnectionBook
    /// Open streams by connection and side; looked up, never iterated over.
    @exclusivity(unchecked) private var streams: [End: StreamCore] = [:]

    init(
        executor: EventLoopExecutor, directory: HostDirectory?, observer: (any SocketObserver)?, book: ConnectionBook,
        names: NameSource?
    ) {
        self.book = book
        self.executor = executor
        self.directory = directory
        self.observer = observer
        self.names = names
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
