import PeerNetworking
import Testing

/// What some programs do to their sockets, step by step: data, so that one scenario runs on bare kernel sockets and in
/// the simulation alike.
///
/// One step is over, and all that it sent has arrived, before the next begins. So what a step says depends on nothing
/// but the steps before it.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// A chapter of the scenarios.
    enum Group: String, CaseIterable, Sendable {
        case closing, halfClose, afterClose, reset, connecting, backlog, addresses, buffers, own, atOnce
    }

    /// How many connections wait to be accepted.
    struct Backlog: Sendable {
        /// What `listen` is told.
        let argument: Int32

        /// Linux's queue takes one connection more than `listen` is told.
        static func holding(_ count: Int32) -> Backlog { Backlog(argument: count - 1) }
        /// What `listen` is told.
        static func argument(_ count: Int32) -> Backlog { Backlog(argument: count) }
    }

    let name: String
    let group: Group
    let steps: [Step]
    let backlog: Backlog
    /// The acknowledgement that completes the first handshake, which the second step begins, is lost on the way.
    let staysHalfOpen: Bool
    /// Why the simulation says something else than the kernel; nil where it says the same.
    let knownDifference: String?

    init(
        _ name: String, _ group: Group, backlog: Backlog = .holding(128), staysHalfOpen: Bool = false,
        differs: String? = nil, _ steps: [Step]
    ) {
        self.name = name
        self.group = group
        self.steps = steps
        self.backlog = backlog
        self.staysHalfOpen = staysHalfOpen
        knownDifference = differs
    }

    var testDescription: String { "\(group.rawValue): \(name)" }

    static let all = [
        closing, halfClose, afterClose, reset, connecting, backlogs, addresses, buffers, own, atOnce,
    ].flatMap { $0 }
}

/// Who performs a step: a program with at most one listener and one connection.
struct Party: Hashable, Sendable {
    let name: String
    let host: String

    static let server = Party(name: "server", host: "server")
    static let client = Party(name: "client", host: "client")
    static let other = Party(name: "other", host: "other")

    /// A second program on the same host, or a third.
    subscript(_ number: Int) -> Party { Party(name: "\(name) \(number)", host: host) }

    static let hosts = ["server", "client", "other"]

    /// The place of a host among them.
    static func place(of host: String) throws -> Int {
        guard let place = hosts.firstIndex(of: host) else { throw KernelError.scenario("no host \(host)") }
        return place
    }
}

/// What a party does; most have one system call for it.
enum Operation: Sendable, Hashable {
    case listen(port: UInt16)
    case closeListener
    /// Connects; 0 lets the kernel choose the local port.
    case connect(to: String, port: UInt16, from: UInt16)
    /// Accepts a connection from the listener of a party on the same host.
    case accept(from: Party)
    /// One read of what is there.
    case read(upTo: Int)
    /// Reads until it has so many bytes, or no more come.
    case readExactly(Int)
    /// Reads all that a party has written so far.
    case readAll(of: Party)
    /// Reads to the end, and says whether it was all that a party has written.
    case readToEnd(of: Party)
    /// Writes all of so many bytes.
    case write(Int)
    /// Writes until nothing more is taken.
    case fill
    case shutdownWrite
    case close
    case reset
    case set(StreamOption)
    /// Waits for what the party began in an earlier step.
    case finish

    /// Whether it goes on until it has an outcome, and never says that it waits.
    var isFinished: Bool {
        switch self {
        case .readExactly, .readAll, .readToEnd, .finish: true
        default: false
        }
    }

    static let listen = Operation.listen(port: 80)
    static let connect = Operation.connect(to: "server", port: 80, from: 0)
    static let accept = Operation.accept(from: .server)
    static let read = Operation.read(upTo: 100)
}

/// What one party does, or what two do at once.
struct Step: Sendable, CustomStringConvertible {
    struct Act: Sendable, CustomStringConvertible {
        let party: Party
        let operation: Operation
        var description: String { "\(party.name) \(operation)" }
    }

    let acts: [Act]

    init(_ party: Party, _ operation: Operation) { acts = [Act(party: party, operation: operation)] }
    private init(acts: [Act]) { self.acts = acts }

    static func client(_ operation: Operation) -> Step { Step(.client, operation) }
    static func server(_ operation: Operation) -> Step { Step(.server, operation) }
    static func other(_ operation: Operation) -> Step { Step(.other, operation) }

    /// Two acts of which neither side knows when it begins its own: what they send crosses on the way.
    static func atOnce(_ first: Step, _ second: Step) -> Step { Step(acts: first.acts + second.acts) }

    var description: String { acts.map(\.description).joined(separator: " | ") }

    /// A line of a transcript.
    func line(_ outcomes: [Outcome]) -> String {
        zip(acts, outcomes).map { "\($0): \($1)" }.joined(separator: " | ")
    }
}

extension Operation: CustomStringConvertible {
    var description: String {
        switch self {
        case .listen(let port): "listen \(port)"
        case .closeListener: "close listener"
        case .connect(let host, let port, let from): "connect \(host):\(port)" + (from == 0 ? "" : " from \(from)")
        case .accept: "accept"
        case .read(let count): "read \(count)"
        case .readExactly(let count): "read exactly \(count)"
        case .readAll(let party): "read all of \(party.name)"
        case .readToEnd: "read to the end"
        case .write(let count): "write \(count)"
        case .fill: "fill"
        case .shutdownWrite: "shutdown"
        case .close: "close"
        case .reset: "reset"
        case .set(.keepAlive(let keepAlive)): "set keep-alive \(keepAlive == nil ? "off" : "on")"
        case .set(.userTimeout(let timeout)): "set user timeout \(timeout?.description ?? "off")"
        case .finish: "finish"
        }
    }
}
