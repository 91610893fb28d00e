import PeerLab

// The workload that the README shows.

/// Says hello so often.
struct Greeting: Workload {
    struct Parameters: WorkloadParameters {
        var count = 3
        var every = TimeSpan.milliseconds(100)
    }

    static let name = "greeting"
    static let role = WorkloadRole.connects
    static let otherSides = ["sink"]
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func run(_ peer: PeerContext) async throws(NetworkError) {
        let client = PeerClient(name: peer.name, to: peer.remote, config: peer.config, providers: peer.providers)
        for _ in 0..<parameters.count {
            try await client.send(ByteBuffer(string: "hello"))
            try await peer.providers.time.sleep(for: parameters.every.duration)
        }
        await client.close()
    }
}
