import LinuxNetwork
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork
import Synchronization
import TCP

@testable import Lab

/// What a case runs on.
enum ProviderUnderTest: String, CaseIterable, Sendable, Codable, CustomStringConvertible {
    case simulation
    case loopback
    /// The kernel's own TCP between two networks; only where this machine has them.
    case linux

    static let allCases: [ProviderUnderTest] =
        LinuxHosts.obstacle == nil ? [.simulation, .loopback, .linux] : [.simulation, .loopback]

    var description: String { rawValue }
}

/// What a host of a case runs.
typealias CaseProgram = @Sendable (Providers, Transcript) async throws -> Void

/// The endpoint that servers listen on.
let port80 = Endpoint(host: "server", port: 80)

/// Runs a program on each of two hosts until both have ended.
///
/// Both providers have small buffers, so that back-pressure is soon felt.
///
/// - Parameter device: how the devices of hosts with networks of their own are made; nil for as they can be.
/// - Returns: what the server said, then what the client said; which of them spoke first is the run's own.
func run(
    on provider: ProviderUnderTest, device: HostDevice.Kind? = nil, server: @escaping CaseProgram,
    client: @escaping CaseProgram
) async throws -> [String] {
    let stage = Stage()
    let transcripts = [Transcript(host: "server", stage: stage), Transcript(host: "client", stage: stage)]
    switch provider {
    case .simulation: try simulate(transcripts, [server, client], stage)
    case .loopback: try await runOnLoopback(transcripts, [server, client], stage)
    case .linux: try await runOnLinux(transcripts, [server, client], stage, device)
    }
    return transcripts.flatMap(\.all)
}

/// Runs a program to its end, and says how it failed if it did.
private func carryOut(_ program: CaseProgram, _ providers: Providers, _ transcript: Transcript) async {
    do {
        try await program(providers, transcript)
    } catch {
        transcript.say("ended by \(code(of: error))")
    }
}

// MARK: Simulation

private func simulate(_ transcripts: [Transcript], _ programs: [CaseProgram], _ stage: Stage) throws {
    var tcp = TCPOptions.sendingAtOnce
    tcp.sendBuffer = 32_768
    tcp.receiveBuffer = 32_768
    var topology = Topology()
    let hosts = [topology.addHost("server", tcp: tcp), topology.addHost("client", tcp: tcp)]
    topology.connect(hosts[0], hosts[1], LinkProperties(latency: .constant(1_000_000)))
    let simulation = Simulation(topology: topology, seed: 1)
    let running = Running(count: programs.count)
    var processes: [String: ProcessID] = [:]
    for (index, program) in programs.enumerated() {
        let transcript = transcripts[index]
        processes[transcript.host] = simulation.addProcess("main", on: hosts[index]) { providers in
            running.start(index)
            await carryOut(program, providers, transcript)
            running.end(index)
        }
    }
    while !running.isOver {
        let requests = stage.takeRequests()
        for request in requests {
            switch request {
            case .kill(let host): _ = try simulation.perform(.kill(processes[host]!))
            case .restart(let host): _ = try simulation.perform(.restart(processes[host]!))
            }
        }
        // Peers that ask for each other keep a world going for ever; an hour is more than any case takes.
        guard try simulation.step(until: Instant(nanoseconds: 3_600_000_000_000)) != nil || !requests.isEmpty else {
            break
        }
    }
    for (index, transcript) in transcripts.enumerated() where running.isRunning(index) {
        transcript.say("has not ended")
    }
    simulation.shutDown()
}

/// Which programs run.
private final class Running: Sendable {
    private let lives: Mutex<(started: [Int], ended: [Int])>

    init(count: Int) {
        let none = [Int](repeating: 0, count: count)
        lives = Mutex((none, none))
    }

    func start(_ index: Int) { lives.withLock { $0.started[index] += 1 } }
    func end(_ index: Int) { lives.withLock { $0.ended[index] += 1 } }
    func isRunning(_ index: Int) -> Bool { lives.withLock { $0.started[index] > $0.ended[index] } }
    /// Whether all have run and ended.
    var isOver: Bool { lives.withLock { $0.started == $0.ended && !$0.started.contains(0) } }
}

// MARK: Loopback

private func runOnLoopback(_ transcripts: [Transcript], _ programs: [CaseProgram], _ stage: Stage) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let run = SocketRun(
        on: EventLoopExecutor(group.next()), seed: 1, directory: HostDirectory(hosts: transcripts.map(\.host)),
        options: smallBuffers)
    await carryOut(transcripts, programs, stage, in: run)
    try await group.shutdownGracefully()
}

private let smallBuffers = SocketOptions(
    receiveBufferBytes: 32_768, sendBufferBytes: 32_768, kernelReceiveBufferBytes: 32_768,
    kernelSendBufferBytes: 32_768)

/// Runs the programs of a case on sockets until all lives have ended.
private func carryOut(
    _ transcripts: [Transcript], _ programs: [CaseProgram], _ stage: Stage, in run: SocketRun
) async {
    let lives = SocketLives(run: run, transcripts, programs)
    stage.onRequest { request in
        switch request {
        case .kill(let host): lives.kill(host)
        case .restart(let host):
            lives.kill(host)
            lives.start(host)
        }
    }
    for transcript in transcripts { lives.start(transcript.host) }
    await lives.finished()
    await run.shutdown()
}

// MARK: Linux

private func runOnLinux(
    _ transcripts: [Transcript], _ programs: [CaseProgram], _ stage: Stage, _ device: HostDevice.Kind?
) async throws {
    let names = transcripts.map(\.host)
    let wired = try WiredHosts(names, latency: "1ms", device: device)
    // The wire has a thread of its own.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let run = SocketRun(
        on: EventLoopExecutor(group.next()), seed: 1, directory: HostDirectory(hosts: names, in: wired.hosts),
        options: smallBuffers, observer: nil, book: wired.book)
    await carryOut(transcripts, programs, stage, in: run)
    try await onOwnThread { try wired.close() }
    try await group.shutdownGracefully()
}

/// The processes of a case on sockets, and the lives of each.
private final class SocketLives: Sendable {
    private struct Life {
        let host: String
        let process: SocketProcess
        let task: any TaskHandle
    }

    private let run: SocketRun
    private let transcripts: [Transcript]
    private let programs: [CaseProgram]
    private let lives = Mutex<[Life]>([])

    init(run: SocketRun, _ transcripts: [Transcript], _ programs: [CaseProgram]) {
        self.run = run
        self.transcripts = transcripts
        self.programs = programs
    }

    func start(_ host: String) {
        guard let index = transcripts.firstIndex(where: { $0.host == host }) else { return }
        let (program, transcript) = (programs[index], transcripts[index])
        let process = run.makeProcess(on: host)
        let providers = process.providers()
        let task = process.providers().tasks.start("main") { await carryOut(program, providers, transcript) }
        lives.withLock { $0.append(Life(host: host, process: process, task: task)) }
    }

    func kill(_ host: String) {
        lives.withLock { $0.last { $0.host == host } }?.process.kill()
    }

    /// Waits until every life has ended, those included that begin meanwhile.
    func finished() async {
        var index = 0
        while let life = lives.withLock({ index < $0.count ? $0[index] : nil }) {
            await life.task.finished()
            index += 1
        }
    }
}
