import NIOCore
import PeerNetworking
import TCP

// What faults do to an application's reads and writes. Asked only where something is done to them.
extension Socket {
    /// The faults of this socket's reads and writes: the connection's own, or else its process's; nil for none, where nothing
    /// is forced either.
    @inline(__always)
    func io(in world: World) -> IOFaults? {
        // In most runs nothing is ever done to any.
        if world.hasIOFaults {
            if let io = connection.io, !io.isNeutral { return io }
            if let owner, !owner.process.io.isNeutral { return owner.process.io }
        }
        return world.overrides.concernIO ? IOFaults.neutral : nil
    }

    private var end: CallingEnd {
        if seldom[\.key] == 0 { seldom[\.key] = CallingEnd.key(connection, side) }
        return CallingEnd(connection: connection, side: side, key: seldom[\.key])
    }

    /// Draws whether the connection is closed under this call, and closes it.
    private func maybeClose(_ io: IOFaults, in world: World) {
        guard tcp.state.isSynchronised else { return }
        let end = end
        if let close = seldom.change({ io.close(under: end, due: &$0.closeDue, in: world) }) {
            closeUnderCall(close, in: world)
        }
    }

    private func closeUnderCall(_ close: RandomClose, in world: World) {
        let reset = tcp.reset(at: world.now)
        switch (close.learns, close.manner) {
        case (.this, .reset), (.both, .reset):
            tcp.fail(.reset)
            world.handle(.failed, of: self)
        case (.this, .end), (.both, .end):
            // What was received can still be read; then the stream ends.
            isReadingOver = true
            if close.learns == .both { tcp.shutdownWrite() } else { tcp.abort() }
            world.handle([.readable, .writable], of: self)
        case (.other, .end):
            tcp.shutdownWrite()
            world.handle(.writable, of: self)
        case (.other, .reset):
            break
        }
        if close.learns != .this, close.manner == .reset {
            world.transmit(reset, on: connection, from: side)
        }
        world.markDirty(self)
    }

    // MARK: Reads

    /// What a read gives under faults; nil where there is nothing to give now.
    func readUnderFaults(upTo maximum: Int, _ io: IOFaults, in world: World) throws(NetworkError) -> ByteBuffer? {
        guard tcp.receiver.buffer.count > 0 else { return nil }
        maybeClose(io, in: world)
        if isFailed, let code = takeFailure() { throw error(code, during: .read) }
        if io.readRate > 0 {
            if let bytes = readSlowly(upTo: maximum, io, in: world) { return bytes }
            if let owner { wakeReader(at: io.nextReadAt, owner, in: world) }
            return nil
        }
        guard let bytes = tcp.read(upTo: shortenedRead(maximum, io, in: world), at: world.now) else { return nil }
        world.audit(read: bytes, by: self)
        world.markDirty(self)
        return bytes
    }

    private var isFailed: Bool { tcp.failure != nil }

    private func shortenedRead(_ maximum: Int, _ io: IOFaults, in world: World) -> Int {
        io.shortenedRead(min(maximum, tcp.receiver.buffer.count), of: end, in: world) ?? maximum
    }

    /// A read held to a rate: none before the last one is paid for.
    private func readSlowly(upTo maximum: Int, _ io: IOFaults, in world: World) -> ByteBuffer? {
        guard world.now >= io.nextReadAt else { return nil }
        let most = shortenedRead(min(maximum, io.share), io, in: world)
        guard let bytes = tcp.read(upTo: most, at: world.now) else { return nil }
        world.audit(read: bytes, by: self)
        io.pay(for: bytes.readableBytes, of: end, in: world)
        // Who waited for this waits no more.
        wakeReaderNoMore(in: world)
        world.markDirty(self)
        return bytes
    }

    /// The timer that lets a slow reader go on is taken away, where there is one.
    func wakeReaderNoMore(in world: World) {
        if let timer = seldom[\.readTimer] { world.cancel(timer) }
    }

    private func wakeReader(at time: Int64, _ life: ProcessLife, in world: World) {
        // Each arriving segment wakes the reader too: one timer at a time is enough for it.
        if let timer = seldom[\.readTimer], world.timers.peek(timer) != nil { return }
        seldom[\.readTimer] = world.schedule(reading, of: life, at: time)
    }

    // MARK: Writes

    /// Takes what fits of a write, in as many pieces as its faults make of it, each in an event of its own.
    ///
    /// - Returns: whether nothing is left.
    func writeUnderFaults(
        _ rest: inout ByteBuffer, _ io: IOFaults, in world: World
    ) async throws(NetworkError) -> Bool {
        while true {
            maybeClose(io, in: world)
            guard let most = io.shortenedWrite(min(tcp.writable, rest.readableBytes), of: end, in: world) else {
                return try write(&rest, in: world)
            }
            if try write(&rest, most: most, in: world) { return true }
            try await nextEvent(of: world)
        }
    }

    /// Lets the world go on before the rest is written.
    private func nextEvent(of world: World) async throws(NetworkError) {
        guard let life = owner, !life.isDead else { throw error(.cancelled, during: .write) }
        let slot = WaitSlot()
        let timer = world.schedule(slot, of: life, at: world.now)
        await slot.park(world.ready)
        guard life.endsRunningTask else { return }
        world.cancel(timer)
        throw error(.cancelled, during: .write)
    }
}
