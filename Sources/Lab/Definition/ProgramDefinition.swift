import PeerNetworking
import Workloads

/// A program that nobody wrote for this lab: it runs inside its host where that is a real one.
public struct ProgramDefinition: Hashable, Sendable {
    /// The command and its arguments.
    public var command: [String]
    /// The port that it listens on once it is ready: what comes behind it in the lab waits for that. Nil where nothing does.
    public var ready: UInt16?

    /// Makes one.
    public init(command: [String], ready: UInt16? = nil) { (self.command, self.ready) = (command, ready) }
}

/// What stands for a program where its host is not real: it ends at once.
struct AbsentProgram: Workload {
    static let name = "program"
    static let role = WorkloadRole.connects

    init(_ parameters: NoParameters = NoParameters()) {}

    var tale: WorkloadTale { .nothing }

    func run(_ peer: PeerContext) async throws(NetworkError) {}
}
