import CPrefetch
import TCP

// What the next event looks at is asked for while this one goes on. Of a large world hardly anything is near the processor, and
// each look waits for the one before it: an event would mostly be waiting. What a run does is not changed by it.
extension World {
    /// Pending events from which on a world is large.
    private static let manyEvents = 1_024

    /// It has more to look at than is near the processor.
    @inline(__always)
    var isLarge: Bool { queue.count > Self.manyEvents }

    /// The segment that arrives next, as far as is known now; nil where it is none, and in a small world.
    @inline(__always)
    private var nextInFlight: UnsafePointer<InFlight>? {
        guard isLarge, let next = queue.earliest, case .segment = next.kind else { return nil }
        return wire.foresee(next.index)
    }

    /// The first step: the segment.
    @inline(__always)
    func foreseeSegment() {
        if let next = nextInFlight { peerlab_prefetch(next, MemoryLayout<InFlight>.size) }
    }

    /// The second, a while later: its connection.
    @inline(__always)
    func foreseeConnection() {
        if let next = nextInFlight { peerlab_prefetch(next.pointee.reference.toOpaque(), ForeseenBytes.connection) }
    }

    /// The third: the socket that it is for, its host, and the link that an answer takes.
    @inline(__always)
    func foreseeSocket() {
        if let next = nextInFlight { foreseeSocket(of: next) }
    }

    @inline(never)
    private func foreseeSocket(of next: UnsafePointer<InFlight>) {
        next.pointee.reference._withUnsafeGuaranteedRef { connection in
            let side = next.pointee.from.other
            if let socket = connection.reference(side) { peerlab_prefetch(socket.toOpaque(), ForeseenBytes.socket) }
            peerlab_prefetch(connection.end(side).toOpaque(), ForeseenBytes.host)
            guard let link = connection.firstLink else { return }
            let direction = side == .client ? connection.direction : connection.direction.opposite
            Link.foresee(link.toOpaque(), direction)
        }
    }

    private static let payloadOffset = MemoryLayout<InFlight>.offset(of: \.segment.payload) ?? 0

    /// The fourth: who waits there, and where the bytes are.
    @inline(__always)
    func foreseeReader() {
        if let next = nextInFlight { foreseeReader(of: next) }
    }

    /// The last: the task that waits.
    @inline(__always)
    func foreseeTask() {
        if let next = nextInFlight { foreseeTask(of: next) }
    }

    @inline(never)
    private func foreseeTask(of next: UnsafePointer<InFlight>) {
        next.pointee.reference._withUnsafeGuaranteedRef { connection in
            connection.reference(next.pointee.from.other)?._withUnsafeGuaranteedRef { $0.foreseeTask() }
        }
    }

    @inline(never)
    private func foreseeReader(of next: UnsafePointer<InFlight>) {
        let payload = UnsafeRawPointer(next) + Self.payloadOffset
        // A buffer begins with the reference to what it is kept in.
        if let storage = payload.load(as: UnsafeRawPointer?.self) { peerlab_prefetch(storage, 64) }
        next.pointee.reference._withUnsafeGuaranteedRef { connection in
            connection.reference(next.pointee.from.other)?._withUnsafeGuaranteedRef { $0.foreseeReader() }
        }
    }
}
