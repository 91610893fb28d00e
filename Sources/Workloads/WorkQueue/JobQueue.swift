public import PeerNetworking

/// Hands jobs to workers that are free, and gives those of a worker that is heard of no more to another one: each job is done
/// once at least.
public struct JobQueue: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How many jobs there are.
        public var jobs: UInt64 = 100
        /// How long a worker has for one before another gets it.
        public var lease = TimeSpan.seconds(1)

        /// Those that are not the types' own.
        public static let bounds = ["jobs": Int64(1)...1_000_000, "lease": 1_000_000...TimeSpan.bounds.upperBound]

        /// A hundred jobs, a second for each.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "work-queue"
    /// It listens.
    public static let role = WorkloadRole.listens

    /// Its parameters.
    public let parameters: Parameters

    /// Makes a queue.
    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    /// It counts the jobs that are done, and has finished with the last of them.
    public var tale: WorkloadTale { WorkloadTale(countsTo: parameters.jobs, finishes: true) }

    /// Serves until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let jobs = Jobs(parameters.jobs, lease: parameters.lease.duration, for: peer)
        peer.providers.tasks.start("\(peer.name) leases") { await jobs.watchLeases() }
        let server = PeerServer(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            message, session in
            await jobs.take(message.payload, from: session)
        }
        try await server.run()
    }
}
