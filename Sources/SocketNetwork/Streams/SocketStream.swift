import Bug
public import NIOCore
public import PeerNetworking

/// A TCP connection through the kernel.
///
/// At a time one task may read, one write and one flush; a second one is a caller's bug and traps. Written bytes leave
/// at the end of the loop's turn, or at `flush()`. Calls from tasks on the run's executor do not hop; others are
/// brought there.
public final class SocketStream: ByteStream {
    /// The endpoint on this side; in a lab the host's name and the lab's port.
    public let local: Endpoint
    /// The endpoint on the other side; in a lab the host's name and the lab's port.
    public let remote: Endpoint
    /// The number of the connection in its run, the same at both ends when both are in it.
    public let connection: ConnectionID

    private let executor: EventLoopExecutor
    private let core: Confined<StreamCore>

    init(_ core: StreamCore) {
        local = core.local
        remote = core.remote
        connection = core.connection
        executor = core.executor
        self.core = Confined(core, to: core.executor)
    }

    /// Waits for bytes and takes what is there: at most `maximum`, `nil` at the end of the stream.
    ///
    /// - Throws: `connectionReset`, `timedOut`, `closed` or `cancelled`. A failed connection says so once; then the
    ///   stream ends, as on Linux.
    public func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        insist(maximum >= 1, "a read takes at least one byte")
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) -> ByteBuffer? in
                try await self.core.value.read(upTo: maximum)
            }
        }
        return try await core.value.read(upTo: maximum)
    }

    /// Hands bytes to the stream, waiting while its send buffer is full.
    ///
    /// - Throws: after a reset `connectionReset` once and then `brokenPipe`, as Linux; `brokenPipe` after
    ///   `shutdownWrite()`; `timedOut`, `closed` or `cancelled`.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try await self.core.value.write(bytes)
            }
        }
        try await core.value.write(bytes)
    }

    /// Takes bytes if there is room for all of them at once; otherwise, and off the run's loop, takes none.
    ///
    /// - Returns: whether it took them.
    public func offer(_ bytes: ByteBuffer) -> Bool {
        executor.isOnLoop && core.value.offer(bytes)
    }

    /// Hands several buffers to the stream; those that leave together go to the kernel in one vectored write.
    ///
    /// - Throws: as `write(_:)`.
    public func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError) {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                for bytes in buffers { try await self.core.value.write(bytes) }
            }
        }
        for bytes in buffers { try await core.value.write(bytes) }
    }

    /// Waits until the kernel has taken everything written so far.
    ///
    /// - Throws: as `write(_:)`.
    public func flush() async throws(NetworkError) {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try await self.core.value.flush()
            }
        }
        try await core.value.flush()
    }

    /// Ends the output once everything written has gone; does not wait for that.
    ///
    /// - Throws: `closed`, `connectionReset`, `timedOut` or `cancelled`.
    public func shutdownWrite() async throws(NetworkError) {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try self.core.value.shutdownWrite()
            }
        }
        try core.value.shutdownWrite()
    }

    /// Sets an option of the socket.
    ///
    /// - Throws: `closed` or `cancelled`.
    public func set(_ option: StreamOption) async throws(NetworkError) {
        guard executor.isOnLoop else {
            return try await LoopGate(executor).run { () async throws(NetworkError) in
                try self.core.value.set(option)
            }
        }
        try core.value.set(option)
    }

    /// Closes both halves; does not wait for what is still to be sent.
    ///
    /// With bytes unread, in the kernel or taken from it ahead of the reader, the other side gets a reset, as on Linux.
    /// Otherwise it gets all that was written and the end of the stream; a socket whose bytes are not taken for a
    /// minute is reset. Closing twice does nothing.
    public func close() async {
        let core = core
        guard executor.isOnLoop else { return await LoopGate(executor).run { core.value.close() } }
        core.value.close()
    }

    /// Ends the connection at once: unsent bytes are discarded and the other side gets a reset.
    public func reset() async {
        let core = core
        guard executor.isOnLoop else { return await LoopGate(executor).run { core.value.reset() } }
        core.value.reset()
    }

    /// What the kernel says of this end; nil when it is closed. On the loop only.
    package func kernelState() -> SocketKernelState? {
        executor.loop.preconditionInEventLoop()
        return core.value.kernelState()
    }

    /// Whether a task waits to write. On the loop only.
    package var writerWaits: Bool {
        executor.loop.preconditionInEventLoop()
        return core.value.writer.isOccupied
    }
}
