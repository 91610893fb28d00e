import Bug
import Glibc
import PeerLab

// peerlab with a workload that does, after so many milliseconds, what only a bug does. Where the environment names a file,
// that is there once it has come to it.

@main
enum Main {
    static func main() { LabProgram(workloads: [Misbehaving.self, Greeting.self]).run() }
}

/// How a process can be ended or held up by its own code.
enum Misdeed: String, Codable, Hashable, Sendable {
    case bug
    case precondition
    case index
    case overflow
    case recursion
    case nowhere
    case abort
    /// It goes on and on, and calls nothing.
    case endless
    /// The same, and it takes memory and gives it back.
    case churning
    /// It goes on and on with what never fails, and does not see that it has been ended.
    case heedless
    /// Each event of it takes a tenth of a second.
    case slow
}

struct Misbehaving: Workload {
    struct Parameters: WorkloadParameters {
        var how = Misdeed.precondition
        var after = TimeSpan.milliseconds(10)
        /// It happens while the lab is read.
        var whenRead = false
    }

    static let name = "misbehaving"
    static let role = WorkloadRole.listens

    let parameters: Parameters

    init(_ parameters: Parameters) {
        self.parameters = parameters
        if parameters.whenRead { Self.commit(parameters.how) }
    }

    func run(_ peer: PeerContext) async throws(NetworkError) {
        try await peer.providers.time.sleep(for: .nanoseconds(parameters.after.nanoseconds))
        if let mark = getenv("PEERLAB_TEST_MARK") { close(open(mark, O_CREAT | O_WRONLY, 0o600)) }
        repeat {
            Self.commit(parameters.how)
            if parameters.how == .heedless { Self.noteOnAndOn(peer) }
            try await peer.providers.time.sleep(for: .milliseconds(1))
        } while parameters.how == .slow
    }

    private static func noteOnAndOn(_ peer: PeerContext) {
        let number = peer.register()
        while true { peer.providers.observer.note(.progress(done: 1, of: 2), of: number) }
    }

    private static func commit(_ misdeed: Misdeed) {
        let none: [Int] = []
        var number = Int.max - Int(getppid() > 0 ? 1 : 0)
        switch misdeed {
        case .bug: bug("a deliberate one, \(number)")
        case .precondition: preconditionFailure("a text of Swift's own")
        case .index: print(none[number])
        case .overflow:
            number += 1 + Int(getpid())
            print(number)
        case .recursion: print(deep(0))
        case .nowhere: UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case .abort: Glibc.abort()
        case .endless: while number != 0 { number |= 1 }
        case .churning: while number != 0 { number = [number, 1].max() ?? 1 }
        case .slow: usleep(100_000)
        case .heedless: break
        }
    }

    private static func deep(_ level: Int) -> Int { level < 0 ? 0 : deep(level + 1) ^ deep(level + 2) }
}
