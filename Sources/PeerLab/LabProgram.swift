@_exported public import NIOCore
@_exported public import PeerNetworking
internal import Program
@_exported public import Workloads

/// A lab program of one's own: all that `peerlab` does, with one's own workloads beside those that ship.
///
/// ```swift
/// import PeerLab
///
/// struct Greeting: Workload {
///     static let name = "greeting"
///     static let role = WorkloadRole.connects
///     init(_ parameters: NoParameters) {}
///     func run(_ peer: PeerContext) async throws(NetworkError) {
///         let client = PeerClient(name: peer.name, to: peer.remote, config: peer.config, providers: peer.providers)
///         try await client.send(ByteBuffer(string: "hello"))
///         await client.close()
///     }
/// }
///
/// @main struct MyLab {
///     static func main() { LabProgram(workloads: [Greeting.self]).run() }
/// }
/// ```
///
/// A lab file says `run: greeting`, and what it says about the workload is checked as for those that ship.
public struct LabProgram: Sendable {
    private let workloads: WorkloadRegistry

    /// Makes a program.
    ///
    /// - Parameter workloads: those that labs may name beside the ones that ship; no two of one name and role.
    public init(workloads: [any Workload.Type] = []) {
        self.workloads = workloads.isEmpty ? .shipped : .shipped.adding(workloads)
    }

    /// Runs the command that the process's arguments say, and ends the process.
    ///
    /// To be called by the main thread, before the process has done anything else: the screen, real networks and the processes
    /// of a sweep begin there.
    public func run() -> Never { PeerlabProgram.run(workloads: workloads) }
}
