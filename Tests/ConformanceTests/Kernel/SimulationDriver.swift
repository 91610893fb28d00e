import NIOCore
import PeerNetworking
import SimNetwork
import Synchronization
import TCP

/// Runs scenarios in the simulation.
///
/// A conductor starts each step as a task of the party's process. After every step it lets 50 ms of virtual time go by:
/// more than a thousand crossings of a link, and less than any timer of TCP.
struct SimulationDriver: ScenarioDriver {
    func transcript(of scenario: Scenario) async throws -> [String] {
        var tcp = TCPOptions()
        tcp.sendBuffer = KernelSocket.bufferBytes
        tcp.receiveBuffer = KernelSocket.bufferBytes
        tcp.backlog = scenario.backlog.argument
        var topology = Topology()
        let hosts = Party.hosts.map { topology.addHost($0, tcp: tcp) }
        for (index, host) in hosts.enumerated() {
            for other in hosts[(index + 1)...] {
                topology.connect(host, other, LinkProperties(latency: .constant(50_000)))
            }
        }
        let stage = topology.addHost("stage", tcp: tcp)
        let simulation = Simulation(topology: topology, seed: 1)
        let play = Play()
        for (name, host) in zip(Party.hosts, hosts) {
            simulation.addProcess("main", on: host) { providers in
                play.enter(name, providers)
                // Until the run is shut down.
                try? await providers.tasks.makeSignal().wait()
            }
        }
        simulation.addProcess("conductor", on: stage) { await play.conduct(scenario, $0.time) }
        if scenario.staysHalfOpen {
            // The client's second segment, halfway between SYN-ACK and listener.
            let connect = Play.settling.inNanoseconds * 2
            simulation.schedule(
                .drop(ConnectionID(1), from: .client, ordinal: 2), at: Instant(nanoseconds: connect + 125_000))
        }
        // An hour is more than any scenario takes; a world in which one has hung may never run out of events.
        while !play.isOver, try simulation.step(until: Instant(nanoseconds: 3_600_000_000_000)) != nil {}
        simulation.shutDown()
        return play.transcript
    }
}

/// One run of a scenario in the simulation; all its tasks are the simulation's one thread.
final class Play: Sendable {
    struct State {
        var providers: [String: Providers] = [:]
        var listeners: [Party: any StreamListener] = [:]
        var streams: [Party: any ByteStream] = [:]
        var pending: [Party: Call] = [:]
        var transcript: [String] = []
        var isOver = false
    }

    /// An operation under way.
    final class Call: Sendable {
        private let result = Mutex<Outcome?>(nil)
        var outcome: Outcome? { result.withLock { $0 } }
        func end(_ outcome: Outcome) { result.withLock { $0 = outcome } }
    }

    static let settling = Duration.milliseconds(50)
    let state = Mutex(State())
    let ledger = Ledger()

    var transcript: [String] { state.withLock { $0.transcript } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func enter(_ host: String, _ providers: Providers) { state.withLock { $0.providers[host] = providers } }

    // MARK: Steps

    func conduct(_ scenario: Scenario, _ time: any TimeProvider) async {
        await settle(time)
        for step in scenario.steps {
            let calls = step.acts.map(begin)
            await settle(time)
            var outcomes: [Outcome] = []
            for (act, call) in zip(step.acts, calls) { outcomes.append(await outcome(of: act, call, time)) }
            let line = step.line(outcomes)
            state.withLock { $0.transcript.append(line) }
        }
        state.withLock { $0.isOver = true }
    }

    private func settle(_ time: any TimeProvider) async { try? await time.sleep(for: Play.settling) }

    private func begin(_ act: Step.Act) -> Call {
        if act.operation == .finish, let call = state.withLock({ $0.pending.removeValue(forKey: act.party) }) {
            return call
        }
        let call = Call()
        let providers = state.withLock { $0.providers[act.party.host] }
        providers?.tasks.start(act.description) {
            do {
                guard let providers else { return }
                call.end(try await self.perform(act.operation, act.party, providers))
            } catch let error as NetworkError {
                call.end(.failed(error.code))
            } catch {
                call.end(.failed(.other))
            }
        }
        return call
    }

    private func outcome(of act: Step.Act, _ call: Call, _ time: any TimeProvider) async -> Outcome {
        var limit = act.operation.isFinished ? 10_000 : 0
        while call.outcome == nil, limit > 0 {
            await settle(time)
            limit -= 1
        }
        if let outcome = call.outcome { return outcome }
        state.withLock { $0.pending[act.party] = call }
        return .waits
    }
}
