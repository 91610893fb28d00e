import NIOCore
import PeerNetworking
import Synchronization

/// Counts the answers and checks what is in them.
final class AnswerCount: Sendable {
    let expected: UInt64
    private let all: any Signal
    private let state = Mutex((done: UInt64(0), isCorrect: true))

    /// - Parameter all: announced with the last answer that is expected.
    init(of expected: UInt64, all: any Signal) {
        self.expected = expected
        self.all = all
    }

    var isCorrect: Bool { state.withLock { $0.isCorrect } }

    /// - Returns: how many answers there are now.
    func take(_ payload: ByteBuffer, size: Int) -> UInt64 {
        let isCorrect = AnswerCount.isAnswer(payload, size: size)
        let done = state.withLock { state in
            state = (state.done + 1, state.isCorrect && isCorrect)
            return state.done
        }
        if done == expected { all.notify() }
        return done
    }

    /// Whether it is the bytes of a message that was sent: its number, and that number's last byte to the end.
    private static func isAnswer(_ payload: ByteBuffer, size: Int) -> Bool {
        guard payload.readableBytes == size, let number = payload.peekInteger(as: UInt64.self), number > 0 else {
            return false
        }
        let fill = UInt8(truncatingIfNeeded: number)
        return payload.withUnsafeReadableBytes { bytes in
            // All of them, whatever the first ones are: so the processor compares many at a time.
            (8..<bytes.count).reduce(0) { $0 | (bytes[$1] ^ fill) } == 0
        }
    }

    func waitForAll() async throws(NetworkError) {
        while state.withLock({ $0.done < expected }) { try await all.wait() }
    }
}
