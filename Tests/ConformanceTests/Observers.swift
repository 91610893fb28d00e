import NIOCore
import PeerNetworking
import Synchronization

/// Marks `listening` when a server listens, and says how workloads end.
final class Listener: PeerObserver {
    private let transcript: Transcript
    private let names = Mutex<[String]>([])

    init(_ transcript: Transcript) {
        self.transcript = transcript
    }

    func register(_ name: String, queueCapacity: Int) -> PeerNumber {
        names.withLock { names in
            names.append(name)
            return PeerNumber(Int32(names.count - 1))
        }
    }

    func note(_ event: PeerEvent, of peer: PeerNumber) {
        switch event {
        case .state(.listening, _): transcript.mark("listening")
        case .finished(let correct):
            let name = names.withLock { $0[Int(peer.index)] }
            transcript.say("\(name) finished correct: \(correct)")
        default: break
        }
    }
}

/// The states that a peer goes through.
final class States: PeerObserver {
    private let states = Mutex<[PeerState]>([])

    var all: [PeerState] { states.withLock { $0 } }

    func register(_ name: String, queueCapacity: Int) -> PeerNumber { PeerNumber(0) }

    func note(_ event: PeerEvent, of peer: PeerNumber) {
        if case .state(let state, _) = event { states.withLock { $0.append(state) } }
    }
}

/// Counts messages that hold the numbers from 1, and sees whether they come in order.
final class Numbers: Sendable {
    private let state = Mutex((count: 0, areInOrder: true))

    var count: Int { state.withLock { $0.count } }
    var areInOrder: Bool { state.withLock { $0.areInOrder } }

    func take(_ payload: ByteBuffer) {
        var payload = payload
        let number = payload.readInteger(as: Int.self)
        state.withLock { state in
            state.count += 1
            if number != state.count { state.areInOrder = false }
        }
    }
}
