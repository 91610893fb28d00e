/// An end of a connection whose reads and writes are drawn for: a simulated socket's, or one of the machine's.
struct CallingEnd {
    let connection: Connection
    let side: Side
    /// The stable hash of its name, which keys its draws.
    let key: UInt64

    var host: Host { connection.host(side) }
    fileprivate var subject: DrawSubject { .end(connection.id, side) }

    /// The stable hash that keys the draws of an end.
    static func key(_ connection: Connection, _ side: Side) -> UInt64 {
        Draw.stableHash("\(connection.name)/\(side)")
    }
}

// What faults decide about reads and writes, whoever carries it out then.
extension IOFaults {
    /// Draws whether the connection is closed under a call.
    ///
    /// - Parameter due: what an earlier draw has left for the next call.
    /// - Returns: how it is closed now; nil where it is not.
    func close(under end: CallingEnd, due: inout RandomClose?, in world: World) -> RandomClose? {
        if let left = due {
            due = nil
            world.emit(.struck(.close, end.host.id))
            return left
        }
        let close = close ?? RandomClose(.never)
        guard world.strikes(.ioClose, close.probability, for: end.subject, key: end.key, of: end.connection) else {
            return nil
        }
        guard !close.onNextUse else {
            due = close
            return nil
        }
        world.emit(.struck(.close, end.host.id))
        return close
    }

    /// Draws whether a read of so many bytes gives fewer.
    ///
    /// - Returns: how many it gives at most; nil where nothing is done to it.
    func shortenedRead(_ bytes: Int, of end: CallingEnd, in world: World) -> Int? {
        shortened(bytes, shortRead ?? .forced, .readShort, end, world)
    }

    /// Draws whether a write of so many bytes takes fewer.
    ///
    /// - Returns: how many it takes at most; nil where nothing is done to it.
    func shortenedWrite(_ bytes: Int, of end: CallingEnd, in world: World) -> Int? {
        shortened(bytes, shortWrite ?? .forced, .writeShort, end, world)
    }

    private func shortened(
        _ bytes: Int, _ short: ShortIO, _ site: FaultSite, _ end: CallingEnd, _ world: World
    ) -> Int? {
        guard bytes > Int(short.largest),
            world.strikes(site, short.probability, for: end.subject, key: end.key, of: end.connection)
        else { return nil }
        world.emit(.struck(site.family, end.host.id))
        return Int(short.largest)
    }

    /// The most that a read held to a rate takes: a tenth of a second's worth.
    var share: Int { max(1, Int(readRate / 10)) }

    /// A read held to a rate has taken bytes: the next waits until they are paid for.
    func pay(for bytes: Int, of end: CallingEnd, in world: World) {
        nextReadAt = world.now + Int64(bytes) * 1_000_000_000 / readRate
        world.emit(.struck(.slowReader, end.host.id))
    }
}

extension ShortIO {
    /// What a forced draw does where nothing else is said: a byte at a time.
    fileprivate static let forced = ShortIO(largest: 1, probability: .never)
}
