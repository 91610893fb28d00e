import PeerNetworking
import SimNetwork
public import Workloads

/// The application that a peer runs, with its parameters.
public struct WorkloadDefinition: Hashable, Sendable {
    /// The application.
    public let workload: any Workload

    /// Runs a workload, which has its parameters.
    public init(_ workload: any Workload) { self.workload = workload }

    /// The name in lab files.
    public var name: String { type(of: workload).name }

    /// Whether it has a port of its own, or connects to one.
    public var role: WorkloadRole { type(of: workload).role }

    /// Whether it connects to anybody.
    var connects: Bool { role == .connects || type(of: workload).alsoConnects }

    /// What the other side runs, where it connects to one and gets what it wants there.
    var otherSides: [String] { role == .connects ? type(of: workload).otherSides : [] }

    /// The same workload with the same parameters.
    public static func == (left: WorkloadDefinition, right: WorkloadDefinition) -> Bool {
        func isEqual<Left: Workload>(_ left: Left) -> Bool {
            (right.workload as? Left).map { $0.parameters == left.parameters } ?? false
        }
        return isEqual(left.workload)
    }

    /// Takes in the name and the parameters.
    public func hash(into hasher: inout Hasher) {
        func combine(_ workload: some Workload) { hasher.combine(workload.parameters) }
        hasher.combine(name)
        combine(workload)
    }
}

extension LabDefinition {
    /// A port of a host.
    func endpoint(_ host: HostID, _ port: UInt16) -> Endpoint {
        Endpoint(host: topology.hosts[Int(host.index)].name, port: port)
    }
}
