public import NIOCore
public import PeerNetworking

/// A simulated connection, from the application's side.
public struct SimStream: ByteStream {
    let world: Confined<World>
    let socket: Confined<Socket>
    let life: Confined<ProcessLife>

    /// The endpoint on this side.
    public var local: Endpoint { socket.value.connection.endpoint(socket.value.side) }
    /// The endpoint on the other side.
    public var remote: Endpoint { socket.value.connection.endpoint(socket.value.side.other) }
    /// The connection's number in the run.
    public var connection: ConnectionID { socket.value.connection.id }

    /// Takes what is in the receive buffer, or waits for bytes.
    ///
    /// - Throws: `connectionReset`, `timedOut`, `closed` or `cancelled`. A failed connection says so once; then the
    ///   stream ends, as on Linux.
    public func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        precondition(maximum > 0, "a read of \(maximum) bytes")
        let socket = socket.value
        let life = life.value
        while true {
            if life.isDead { throw socket.error(.cancelled, during: .read) }
            if socket.isClosedHere { throw socket.error(.closed, during: .read) }
            if life.process.readRate > 0 {
                if socket.tcp.receiveBuffer.count > 0 {
                    if let bytes = world.value.readSlowly(socket, upTo: maximum, process: life.process) {
                        return bytes
                    }
                    world.value.wakeReader(of: socket, life: life)
                }
            } else if let bytes = socket.tcp.read(upTo: maximum) {
                world.value.markDirty(socket)
                return bytes
            }
            if socket.tcp.receiveBuffer.count == 0 {
                if socket.tcp.endOfStream { return nil }
                if let code = socket.takeFailure() { throw socket.error(code, during: .read) }
                if socket.tcp.state == .closed { return nil }
            }
            if Task.isCancelled { throw socket.error(.cancelled, during: .read) }
            await socket.reading.park()
        }
    }

    /// Copies bytes to the send buffer, waiting while it is full.
    ///
    /// - Throws: `brokenPipe`, `connectionReset`, `timedOut`, `closed` or `cancelled`.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        var rest = bytes
        let socket = socket.value
        if rest.readableBytes == 0 { return try checkWrite() }
        while rest.readableBytes > 0 {
            if life.value.isDead { throw socket.error(.cancelled, during: .write) }
            if socket.isClosedHere { throw socket.error(.closed, during: .write) }
            let room = socket.tcp.writable
            if room >= rest.readableBytes {
                socket.tcp.write(rest)
                world.value.markDirty(socket)
                return
            }
            if room > 0, let part = rest.readSlice(length: room) {
                socket.tcp.write(part)
                world.value.markDirty(socket)
                continue
            }
            if let code = socket.takeFailure() { throw socket.error(code, during: .write) }
            if socket.tcp.finQueued || socket.tcp.state == .closed { throw socket.error(.brokenPipe, during: .write) }
            if Task.isCancelled { throw socket.error(.cancelled, during: .write) }
            await socket.writing.park()
        }
    }

    /// Copies bytes to the send buffer if all of them fit.
    public func offer(_ bytes: ByteBuffer) -> Bool {
        let socket = socket.value
        guard !life.value.isDead, !socket.isClosedHere, socket.tcp.writable >= bytes.readableBytes else { return false }
        if bytes.readableBytes > 0 {
            socket.tcp.write(bytes)
            world.value.markDirty(socket)
        }
        return true
    }

    /// Copies several buffers to the send buffer; what fits in a segment travels in one.
    ///
    /// - Throws: as ``write(_:)``.
    public func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError) {
        for buffer in buffers { try await write(buffer) }
    }

    /// Returns at once: what is written is in the kernel's send buffer, and is sent at the end of the event.
    ///
    /// - Throws: as ``write(_:)``.
    public func flush() async throws(NetworkError) {
        try checkWrite()
    }

    /// Throws when nothing can be written any more.
    private func checkWrite() throws(NetworkError) {
        let socket = socket.value
        if life.value.isDead { throw socket.error(.cancelled, during: .write) }
        if socket.isClosedHere { throw socket.error(.closed, during: .write) }
        if let code = socket.takeFailure() { throw socket.error(code, during: .write) }
        if socket.tcp.finQueued || socket.tcp.state == .closed { throw socket.error(.brokenPipe, during: .write) }
    }

    /// Closes the sending half: a FIN follows the last byte.
    ///
    /// - Throws: `closed`, `connectionReset`, `timedOut` or `cancelled`.
    public func shutdownWrite() async throws(NetworkError) {
        let socket = socket.value
        if life.value.isDead { throw socket.error(.cancelled, during: .close) }
        if socket.isClosedHere { throw socket.error(.closed, during: .close) }
        if let code = socket.takeFailure() {
            throw socket.error(code == .brokenPipe ? .connectionReset : code, during: .close)
        }
        // As Linux: once the error is told, there is no connection to shut down (ENOTCONN).
        if socket.tcp.failure != nil { throw socket.error(.closed, during: .close) }
        socket.tcp.shutdownWrite()
        socket.writing.wake()
        world.value.markDirty(socket)
    }

    /// Closes both halves; with bytes unread here the other side gets a reset.
    public func close() async {
        guard !life.value.isDead else { return }
        world.value.closeSocket(socket.value)
    }

    /// Ends the connection at once with a reset.
    public func reset() async {
        guard !life.value.isDead, !socket.value.isClosedHere else { return }
        socket.value.isClosedHere = true
        socket.value.life = nil
        world.value.resetSocket(socket.value)
    }
}

extension Socket {
    /// The connection's failure, the first time it is asked for: Linux tells an application once (`sk_err`).
    func takeFailure() -> NetworkError.Code? {
        guard let failure = tcp.failure, !isFailureTold else { return nil }
        isFailureTold = true
        return failure.code
    }
}

extension World {
    /// A read held to the process's rate: a tenth of a second's worth at most, and none before the last one is paid for.
    func readSlowly(_ socket: Socket, upTo maximum: Int, process: Process) -> ByteBuffer? {
        guard now >= process.nextReadAt else { return nil }
        let share = max(1, Int(process.readRate / 10))
        guard let bytes = socket.tcp.read(upTo: min(maximum, share)) else { return nil }
        process.nextReadAt = now + Int64(bytes.readableBytes) * 1_000_000_000 / process.readRate
        markDirty(socket)
        return bytes
    }

    func wakeReader(of socket: Socket, life: ProcessLife) {
        _ = schedule(.wake(socket.reading, life, TaskRecord.current?.value), at: life.process.nextReadAt)
    }
}
