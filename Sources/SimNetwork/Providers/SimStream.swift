import Bug
public import NIOCore
public import PeerNetworking
import TCP

/// A simulated connection, from the application's side.
public struct SimStream: ByteStream {
    /// What it belongs to: one reference, for streams are copied from hand to hand.
    ///
    /// It holds both, and says so by hand: to read them costs no counting then.
    private final class Place {
        let world: Unmanaged<World>
        let socket: Unmanaged<Socket>

        init(_ world: World, _ socket: Socket) {
            self.world = .passRetained(world)
            self.socket = .passRetained(socket)
        }

        deinit {
            socket.release()
            world.release()
        }

        /// What comes of a read at once.
        enum Reading {
            case bytes(ByteBuffer)
            case end
            /// Nothing is there: the reader is to arrive at this slot, where it is expected.
            case wait(WaitSlot)
            /// It is no plain read.
            case other
        }

        /// Reads where nothing is to be told but bytes: most reads are so.
        @inline(__always)
        func readPlainly(upTo maximum: Int) -> Reading {
            socket._withUnsafeGuaranteedRef { socket in
                world._withUnsafeGuaranteedRef { world in
                    guard socket.readsPlainly(in: world) else { return .other }
                    if let bytes = socket.take(upTo: maximum, in: world) { return .bytes(bytes) }
                    if socket.hasNewsForReader || world.ready.isTaskCancelled { return .other }
                    let slot = socket.reading
                    slot.prepare(world.ready)
                    return .wait(slot)
                }
            }
        }

        /// Reads whatever there is to be told.
        @inline(never)
        func read(upTo maximum: Int) throws(NetworkError) -> Reading {
            let (socket, world) = (socket.takeUnretainedValue(), world.takeUnretainedValue())
            if let bytes = try socket.read(upTo: maximum, in: world) { return .bytes(bytes) }
            if socket.isAtEnd { return .end }
            try socket.checkCancellation(during: .read, in: world)
            let slot = socket.reading
            slot.prepare(world.ready)
            return .wait(slot)
        }
    }

    private let place: Confined<Place>
    private var world: World { place.value.world.takeUnretainedValue() }
    private var socket: Socket { place.value.socket.takeUnretainedValue() }

    init(of socket: Socket, in world: World) { place = Confined(Place(world, socket)) }

    /// The endpoint on this side.
    public var local: Endpoint { socket.connection.endpoint(socket.side) }
    /// The endpoint on the other side.
    public var remote: Endpoint { socket.connection.endpoint(socket.side.other) }
    /// The connection's number in the run.
    public var connection: ConnectionID { socket.connection.id }

    /// Takes what is in the receive buffer, or waits for bytes.
    ///
    /// - Throws: `connectionReset`, `timedOut`, `closed` or `cancelled`. A failed connection says so once; then the
    ///   stream ends, as on Linux.
    public func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        insist(maximum > 0, "a read of \(maximum) bytes")
        while true {
            var reading = place.value.readPlainly(upTo: maximum)
            if case .other = reading { reading = try place.value.read(upTo: maximum) }
            switch reading {
            case .bytes(let bytes): return bytes
            case .wait(let slot): await slot.arrive()
            case .end, .other: return nil
            }
        }
    }

    /// Copies bytes to the send buffer, waiting while it is full.
    ///
    /// - Throws: `brokenPipe`, `connectionReset`, `timedOut`, `closed` or `cancelled`.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        if bytes.readableBytes == 0 { return try checkWrite() }
        if offer(bytes) { return }
        let (socket, world) = (self.socket, self.world)
        var rest = bytes
        while true {
            if let io = socket.io(in: world) {
                if try await socket.writeUnderFaults(&rest, io, in: world) { return }
            } else if try socket.write(&rest, in: world) {
                return
            }
            try socket.checkCancellation(during: .write, in: world)
            await socket.writing.park(world.ready)
        }
    }

    /// Copies bytes to the send buffer if all of them fit.
    public func offer(_ bytes: ByteBuffer) -> Bool {
        place.value.socket._withUnsafeGuaranteedRef { socket in
            place.value.world._withUnsafeGuaranteedRef { socket.offer(bytes, in: $0) }
        }
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
        let socket = self.socket
        if socket.isDead { throw socket.error(.cancelled, during: .write) }
        if socket.isClosedHere { throw socket.error(.closed, during: .write) }
        if let code = socket.takeFailure() { throw socket.error(code, during: .write) }
        if socket.tcp.sender.isClosing || socket.tcp.state == .closed {
            throw socket.error(.brokenPipe, during: .write)
        }
    }

    /// Closes the sending half: a FIN follows the last byte.
    ///
    /// - Throws: `closed`, `connectionReset`, `timedOut` or `cancelled`.
    public func shutdownWrite() async throws(NetworkError) {
        let socket = self.socket
        if socket.isDead { throw socket.error(.cancelled, during: .close) }
        if socket.isClosedHere { throw socket.error(.closed, during: .close) }
        if let code = socket.takeFailure() {
            throw socket.error(code == .brokenPipe ? .connectionReset : code, during: .close)
        }
        // As Linux: once the error is told, there is no connection to shut down (ENOTCONN).
        if socket.tcp.failure != nil { throw socket.error(.closed, during: .close) }
        socket.tcp.shutdownWrite()
        socket.wakeWriter()
        world.markDirty(socket)
    }

    /// Sets an option of this end.
    ///
    /// - Throws: `closed` or `cancelled`.
    public func set(_ option: StreamOption) async throws(NetworkError) {
        let socket = self.socket
        if socket.isDead { throw socket.error(.cancelled, during: .close) }
        if socket.isClosedHere { throw socket.error(.closed, during: .close) }
        socket.tcp.set(at: world.now) { options in
            switch option {
            case .keepAlive(let keepAlive):
                options.keepAlive = keepAlive != nil
                guard let keepAlive else { break }
                options.keepAliveTime = keepAlive.idle.inNanoseconds
                options.keepAliveInterval = keepAlive.interval.inNanoseconds
                options.keepAliveProbes = keepAlive.probes
            case .userTimeout(let timeout):
                options.userTimeout = timeout?.inNanoseconds ?? 0
            }
        }
        world.markDirty(socket)
    }

    /// Closes both halves; with bytes unread here the other side gets a reset.
    public func close() async {
        guard !socket.isDead else { return }
        world.closeSocket(socket)
    }

    /// Ends the connection at once with a reset.
    public func reset() async {
        guard !socket.isDead, !socket.isClosedHere else { return }
        socket.isClosedHere = true
        socket.letGo()
        world.resetSocket(socket)
    }
}

// The steps of a stream's calls that do not wait.
extension Socket {
    /// Whether the process whose handles reach it has ended: they have no effect any more.
    @inline(__always)
    var isDead: Bool { owner?.isDead ?? true }

    /// Whether a read is one of an open socket to which nothing is done.
    @inline(__always)
    func readsPlainly(in world: World) -> Bool { !isDead && !isClosedHere && io(in: world) == nil }

    /// Whether who reads is told something beside bytes, once there are none.
    @inline(__always)
    var hasNewsForReader: Bool { isAtEnd || tcp.failure != nil }

    /// Takes what is there.
    @inline(__always)
    func take(upTo maximum: Int, in world: World) -> ByteBuffer? {
        guard let bytes = tcp.read(upTo: maximum, at: world.now) else { return nil }
        world.audit(read: bytes, by: self)
        world.markDirty(self)
        return bytes
    }

    /// What there is to read now, or nil.
    func read(upTo maximum: Int, in world: World) throws(NetworkError) -> ByteBuffer? {
        if isDead { throw error(.cancelled, during: .read) }
        if isClosedHere { throw error(.closed, during: .read) }
        if let io = io(in: world) {
            if let bytes = try readUnderFaults(upTo: maximum, io, in: world) { return bytes }
        } else if let bytes = take(upTo: maximum, in: world) {
            return bytes
        }
        if tcp.receiver.buffer.count == 0, !tcp.receiver.isAtEnd, let code = takeFailure() {
            throw error(code, during: .read)
        }
        return nil
    }

    /// Not inlined: a function that waits would keep room for the error all the while.
    @inline(never)
    func checkCancellation(during operation: NetworkError.Operation, in world: World) throws(NetworkError) {
        if world.ready.isTaskCancelled { throw error(.cancelled, during: operation) }
    }

    /// Whether there is nothing to read and nothing will come.
    var isAtEnd: Bool {
        tcp.receiver.buffer.count == 0 && (tcp.receiver.isAtEnd || tcp.state == .closed || isReadingOver)
    }

    /// Takes bytes if all of them fit.
    func offer(_ bytes: ByteBuffer, in world: World) -> Bool {
        guard !isDead, !isClosedHere, tcp.writable >= bytes.readableBytes else { return false }
        // What faults do to a write may take it apart or wait: that is for a call that can.
        if io(in: world) != nil || host.lacksMemory(for: Int64(bytes.readableBytes)) { return false }
        if bytes.readableBytes > 0 {
            tcp.write(bytes, at: world.now)
            world.audit(written: bytes, by: self)
            world.markDirty(self)
        }
        return true
    }

    /// Takes as many bytes as fit, and no more than `most`.
    ///
    /// - Returns: whether none are left.
    func write(_ rest: inout ByteBuffer, most: Int = .max, in world: World) throws(NetworkError) -> Bool {
        var most = most
        while rest.readableBytes > 0 {
            if isDead { throw error(.cancelled, during: .write) }
            if isClosedHere { throw error(.closed, during: .write) }
            if host.lacksMemory(for: Int64(rest.readableBytes)) { throw error(.noBufferSpace, during: .write) }
            if let part = rest.readSlice(length: min(min(tcp.writable, most), rest.readableBytes)),
                part.readableBytes > 0
            {
                tcp.write(part, at: world.now)
                world.audit(written: part, by: self)
                world.markDirty(self)
                most -= part.readableBytes
                if most == 0 { return rest.readableBytes == 0 }
                continue
            }
            if let code = takeFailure() { throw error(code, during: .write) }
            if tcp.sender.isClosing || tcp.state == .closed { throw error(.brokenPipe, during: .write) }
            return false
        }
        return true
    }

    /// The connection's failure, the first time it is asked for: Linux tells an application once (`sk_err`).
    func takeFailure() -> NetworkError.Code? {
        guard let failure = tcp.failure, !isFailureTold else { return nil }
        isFailureTold = true
        return failure.code
    }
}
