import PeerNetworking
import NIOCore
import Synchronization

/// A connection in memory: for each side, what has come to it and how it stands.
final class MockConnection: Sendable {
    enum Outcome {
        case bytes(ByteBuffer)
        case end
        case failed(NetworkError.Code)
        case wait
    }

    private struct End {
        var inbound = ByteBuffer()
        /// The other side has ended its output.
        var inputHasEnded = false
        var outputHasEnded = false
        var isClosed = false
        /// The other side has reset the connection; told once.
        var isReset = false
        var resetIsTold = false
    }

    let id: ConnectionID
    private let capacity: Int
    private let ends = Mutex([End(), End()])
    /// Something has changed for a side; its reader and its writer look again.
    let changes = [MockWaits(), MockWaits()]

    init(id: ConnectionID, capacity: Int) {
        self.id = id
        self.capacity = capacity
    }

    func take(_ side: Int, upTo maximum: Int) -> Outcome {
        let outcome = ends.withLock { ends -> Outcome in
            if ends[side].isClosed { return .failed(.closed) }
            let count = min(maximum, ends[side].inbound.readableBytes)
            if count > 0, let bytes = ends[side].inbound.readSlice(length: count) {
                ends[side].inbound.discardReadBytes()
                return .bytes(bytes)
            }
            if ends[side].inputHasEnded { return .end }
            if ends[side].isReset {
                if ends[side].resetIsTold { return .end }
                ends[side].resetIsTold = true
                return .failed(.connectionReset)
            }
            return .wait
        }
        if case .bytes = outcome { changes[1 - side].wakeAll() }
        return outcome
    }

    /// Hands over what has room, and takes it from `rest`.
    func put(_ side: Int, _ rest: inout ByteBuffer) -> Outcome {
        let (left, outcome) = ends.withLock { [rest] ends -> (ByteBuffer, Outcome) in
            var rest = rest
            if let code = Self.failure(&ends[side]) { return (rest, .failed(code)) }
            if ends[1 - side].isClosed {
                // What comes to a socket that nobody reads draws a reset.
                ends[side].isReset = true
                return (ByteBuffer(), .end)
            }
            let room = capacity - ends[1 - side].inbound.readableBytes
            if rest.readableBytes > 0, room == 0 { return (rest, .wait) }
            if let part = rest.readSlice(length: min(room, rest.readableBytes)) {
                ends[1 - side].inbound.writeImmutableBuffer(part)
            }
            return (rest, .end)
        }
        rest = left
        changes[1 - side].wakeAll()
        return outcome
    }

    private static func failure(_ end: inout End) -> NetworkError.Code? {
        if end.isClosed { return .closed }
        if end.isReset, !end.resetIsTold, !end.inputHasEnded {
            end.resetIsTold = true
            return .connectionReset
        }
        return end.isReset || end.outputHasEnded ? .brokenPipe : nil
    }

    func offer(_ side: Int, _ bytes: ByteBuffer) -> Bool {
        let isTaken = ends.withLock { ends in
            let end = ends[side]
            guard !end.isClosed, !end.isReset, !end.outputHasEnded, !ends[1 - side].isClosed,
                ends[1 - side].inbound.readableBytes + bytes.readableBytes <= capacity
            else { return false }
            ends[1 - side].inbound.writeImmutableBuffer(bytes)
            return true
        }
        if isTaken { changes[1 - side].wakeAll() }
        return isTaken
    }

    /// - Returns: whether the side was open.
    func endOutput(_ side: Int) -> Bool {
        let isOpen = ends.withLock { ends in
            guard !ends[side].isClosed, !ends[side].isReset else { return false }
            ends[side].outputHasEnded = true
            ends[1 - side].inputHasEnded = true
            return true
        }
        wake()
        return isOpen
    }

    func close(_ side: Int) {
        ends.withLock { ends in
            guard !ends[side].isClosed else { return }
            ends[side].isClosed = true
            if ends[side].inbound.readableBytes > 0 {
                ends[1 - side].isReset = true
            } else {
                ends[1 - side].inputHasEnded = true
            }
        }
        wake()
    }

    func reset(_ side: Int) {
        ends.withLock { ends in
            guard !ends[side].isClosed else { return }
            ends[side].isClosed = true
            ends[1 - side].isReset = true
        }
        wake()
    }

    private func wake() {
        for side in changes { side.wakeAll() }
    }
}
