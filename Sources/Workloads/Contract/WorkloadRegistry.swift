import Bug

/// The workloads that lab files can name.
public struct WorkloadRegistry: Sendable {
    private let types: [any Workload.Type]

    /// A registry of these.
    ///
    /// - Parameter types: no two of one name and role.
    public init(_ types: [any Workload.Type]) {
        for (index, type) in types.enumerated() {
            let isTaken = types[..<index].contains { $0.name == type.name && $0.role == type.role }
            insist(!isTaken, "two workloads \(type.name) that \(type.role.rawValue)")
        }
        self.types = types
    }

    /// Those that ship.
    public static let shipped = WorkloadRegistry([
        Echo.self, PingPong.self, Flood.self, Sink.self, BulkReceiver.self, BulkSender.self,
        RequestResponseServer.self, RequestResponseClient.self, Broker.self, TopicClient.self, JobQueue.self,
        Worker.self, HeartbeatMesh.self,
    ])

    /// This registry and further workloads.
    public func adding(_ further: [any Workload.Type]) -> WorkloadRegistry { WorkloadRegistry(types + further) }

    /// All of them, in the order of their registration.
    public var all: [any Workload.Type] { types }

    /// The names, each once, in the order of their registration.
    public var names: [String] {
        types.reduce(into: []) { names, type in if !names.contains(type.name) { names.append(type.name) } }
    }

    /// Those of a name: none, one, or its two sides.
    public subscript(name: String) -> [any Workload.Type] { types.filter { $0.name == name } }
}
