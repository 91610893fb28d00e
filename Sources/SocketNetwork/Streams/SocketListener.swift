public import PeerNetworking

/// A listening TCP socket. At a time one task may accept; a second one is a caller's bug and traps.
public final class SocketListener: StreamListener {
    /// The endpoint it is bound to; in a lab the host's name and the lab's port.
    public let local: Endpoint

    private let executor: EventLoopExecutor
    private let core: Confined<ListenerCore>

    init(_ core: ListenerCore) {
        local = core.local
        executor = core.life.executor
        self.core = Confined(core, to: core.life.executor)
    }

    /// Waits for a connection and takes it from the kernel's backlog.
    ///
    /// - Throws: `closed` once the listener is closed, `tooManyOpenFiles` at the limit of sockets, or `cancelled`.
    public func accept() async throws(NetworkError) -> SocketStream {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) -> SocketStream in
                try await self.core.value.accept()
            }
        }
        return try await core.value.accept()
    }

    /// Stops listening; the kernel resets the connections in the backlog. Closing twice does nothing.
    public func close() async {
        let core = core
        guard executor.isOnLoop else { return await LoopGate(executor).run { core.value.close() } }
        core.value.close()
    }
}
