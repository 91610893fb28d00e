import NIOCore
import PeerNetworking
import Workloads

/// A client that loses a note where its connection is lost between two particular events: the bug that is looked for.
///
/// Each note is stamped before it goes. A courier that finds its connection gone when the stamp is dry takes the note for
/// sent with the connection that it had, and throws it away.
struct Courier: Workload {
    struct Parameters: WorkloadParameters {
        var count: UInt64 = 60
        var every = TimeSpan.milliseconds(20)
        /// How long a stamp takes to dry.
        var stamp = TimeSpan(nanoseconds: 500_000)
        /// Which notes are stamped: every fifth.
        var stamped: UInt64 = 5
    }

    static let name = "courier"
    static let role = WorkloadRole.connects
    static let otherSides = [Sink.name]

    let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    func run(_ context: PeerContext) async throws(NetworkError) {
        let time = context.providers.time
        let peer = Peer(
            name: context.name, to: context.remote, config: context.config, providers: context.providers,
            onArrival: { _, _ in true })
        await peer.connect()
        for number in 1...parameters.count {
            if number.isMultiple(of: parameters.stamped) {
                let before = await peer.state
                try await time.sleep(for: parameters.stamp.duration)
                if before == .connected, await peer.state != .connected { continue }
            }
            var note = ByteBufferAllocator().buffer(capacity: 8)
            note.writeInteger(number)
            _ = try await peer.send(note, delivery: .reliable)
            try await time.sleep(for: parameters.every.duration)
        }
        _ = await peer.close(flushingFor: .seconds(60))
    }

    static let workloads = WorkloadRegistry.shipped.adding([Courier.self])

    /// A lab in which the bug may strike: without it all notes arrive, whatever chaos does.
    static let lab = """
        lab: courier
        duration: 5s
        hosts: [office, road, town, far]
        links:
          - {between: [office, road], latency: 3ms}
          - {between: [far, town], latency: 3ms}
          - {between: [road, town], latency: 3ms}
        peers:
          - {name: post, on: road, listen: 4500, run: sink, config: {preset: test}}
          - {name: courier, on: office, connect: "road:4500", run: courier, config: {preset: test}}
          - {name: echo, on: town, listen: 4501, run: echo, config: {preset: test}}
          - {name: ping, on: far, connect: "town:4501", run: ping-pong, config: {preset: test}}
        chaos: {only: [cut, reset, partition, latency], interval: 500ms, length: 100ms, heals-at: 2s}
        expect:
          - ping is connected by 4s
          - post has received 60 messages by 4s
        """
}
