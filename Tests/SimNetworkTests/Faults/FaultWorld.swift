import NIOCore
import PeerNetworking
import SimNetwork
import Testing
import TCP

/// What a run came to, as the application and the records say.
struct FaultRun {
    var state: WorldState
    var changes: [Change]
    /// What the programs said.
    var said: [String]
    /// Nanoseconds from each ping to its echo, in order.
    var roundTrips: [Int64]

    func fault(_ family: FaultFamily) -> FaultState? { state.faults.first { $0.family == family } }
    func fired(_ family: FaultFamily) -> Int64 { fault(family)?.fired ?? 0 }
    func effects(_ family: FaultFamily) -> Int64 { fault(family)?.effects ?? 0 }
    /// How often the network lost a segment for a reason.
    func lost(_ reason: LossReason) -> Int {
        changes.count { if case .lost(_, reason) = $0 { true } else { false } }
    }
}

/// A client that pings a server that echoes, over one link of a millisecond each way, with one fault.
struct FaultWorld {
    let hosts: TwoHosts
    /// The server's process, then the client's.
    let server: ProcessID
    let client: ProcessID

    static let second: Int64 = 1_000_000_000
    static let millisecond: Int64 = 1_000_000

    /// - Parameters:
    ///   - pings: how many 1,000-byte pings the client sends, one every 10 ms after the last was echoed.
    init(
        seed: UInt64 = 1, pings: Int = 50, serverTCP: TCPOptions = .sendingAtOnce,
        options: SimulationOptions = SimulationOptions()
    ) {
        hosts = TwoHosts(seed: seed, serverTCP: serverTCP, options: options)
        server = hosts.serve(echo)
        let transcript = hosts.transcript
        client = hosts.onClient { providers in
            do {
                let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                transcript.say("connected")
                for number in 0..<pings {
                    let begun = providers.time.now
                    try await stream.write(bytes(1_000, UInt8(number % 251)))
                    var echoed = ByteBuffer()
                    while echoed.readableBytes < 1_000 {
                        guard let part = try await stream.read(upTo: 1_000 - echoed.readableBytes) else {
                            transcript.say("end of stream")
                            return
                        }
                        transcript.say("read \(part.readableBytes)")
                        echoed.writeImmutableBuffer(part)
                    }
                    if echoed != bytes(1_000, UInt8(number % 251)) { transcript.say("wrong bytes") }
                    transcript.say("rtt \(providers.time.now.nanoseconds - begun.nanoseconds)")
                    try await providers.time.sleep(for: .milliseconds(10))
                }
                await stream.close()
                transcript.say("done")
            } catch { transcript.say(code(error)) }
        }
    }

    var network: Simulation { hosts.simulation }
    var link: LinkID { hosts.link }

    /// Has an action strike at a time, in milliseconds.
    func at(_ milliseconds: Int64, _ action: Action, lasts: Int64? = nil) {
        network.schedule(
            ScheduledAction(
                action, .at(milliseconds * Self.millisecond), lasts: lasts.map { $0 * Self.millisecond }))
    }

    func run(seconds: Double = 300) throws -> FaultRun {
        try FaultWorld.run(network, until: seconds, hosts.transcript)
    }

    /// Runs a simulation, folding its records.
    static func run(_ network: Simulation, until seconds: Double, _ transcript: Transcript) throws -> FaultRun {
        var state = network.beginning()
        var changes: [Change] = []
        while let record = try network.step(until: Instant(nanoseconds: Int64(seconds * 1e9))) {
            state.apply(record)
            changes += record.changes
        }
        let said = transcript.all
        return FaultRun(
            state: state, changes: changes, said: said.filter { !$0.hasPrefix("rtt") && !$0.hasPrefix("read") },
            roundTrips: said.compactMap { $0.hasPrefix("rtt ") ? Int64($0.dropFirst(4)) : nil })
    }
}
