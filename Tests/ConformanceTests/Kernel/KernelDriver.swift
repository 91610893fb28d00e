import Dispatch
import Glibc
import LinuxNetwork
import PeerNetworking

/// Runs scenarios on bare sockets of the kernel under the test: the judge.
///
/// All parties are one thread, and no call blocks: what would block is tried again after each step, as the blocking
/// call itself does inside the kernel.
struct KernelDriver: ScenarioDriver {
    func transcript(of scenario: Scenario) async throws -> [String] {
        try await onOwnThread { try KernelRun(scenario, in: LoopbackNetwork()).transcript() }
    }
}

/// The same with the wire of a lab between the hosts, which are networks of their own.
struct WiredKernelDriver: ScenarioDriver {
    /// How the hosts' devices are made; nil for as they can be.
    var device: HostDevice.Kind?
    /// More at once would make one another late.
    private static let turns = DispatchSemaphore(value: 4)

    func transcript(of scenario: Scenario) async throws -> [String] {
        try await onOwnThread { [device] in
            Self.turns.wait()
            defer { Self.turns.signal() }
            let wired = try WiredHosts(Party.hosts, latency: "50us", device: device)
            let network = WiredNetwork(wired: wired, looks: device == .veth ? 20 : 1)
            let transcript = Result { try KernelRun(scenario, in: network).transcript() }
            try wired.close()
            return try transcript.get()
        }
    }
}

/// One run of a scenario on the kernel.
final class KernelRun {
    let scenario: Scenario
    let addresses: KernelAddresses
    let network: any KernelNetwork
    let ledger = Ledger()
    var listeners: [Party: CInt] = [:]
    var streams: [Party: CInt] = [:]
    /// What waits, in the order in which it began.
    private var pending: [Call] = []

    /// An operation under way.
    struct Call {
        let party: Party
        let operation: Operation
        /// Bytes written or read by it.
        var count = 0
        /// The socket that is connecting.
        var descriptor: CInt = -1
        var outcome: Outcome?
    }

    init(_ scenario: Scenario, in network: any KernelNetwork) {
        (self.scenario, self.network) = (scenario, network)
        addresses = KernelAddresses(in: network)
    }

    private func end() {
        // With a reset, so that a run leaves nothing behind.
        for descriptor in streams.values where descriptor >= 0 { _ = KernelSocket.reset(descriptor) }
        for descriptor in listeners.values where descriptor >= 0 { _ = KernelSocket.close(descriptor) }
        for call in pending where call.descriptor >= 0 { _ = KernelSocket.close(call.descriptor) }
    }

    func transcript() throws -> [String] {
        defer { end() }
        return try scenario.steps.map { step in
            let outcomes =
                if step.acts.count == 2 {
                    try performAtOnce(step.acts[0], step.acts[1])
                } else {
                    [try perform(step.acts[0])]
                }
            return step.line(outcomes)
        }
    }

    // MARK: Steps

    private func perform(_ act: Step.Act) throws -> Outcome {
        if act.operation == .finish { return try finish(act.party) }
        var call = Call(party: act.party, operation: act.operation)
        try attempt(&call)
        try settle()
        if call.outcome == nil { try attempt(&call) }
        if act.operation.isFinished {
            try waitFor(act.description) {
                try attempt(&call)
                return call.outcome != nil
            }
        }
        if let outcome = call.outcome { return outcome }
        pending.append(call)
        return .waits
    }

    private func finish(_ party: Party) throws -> Outcome {
        guard let index = pending.firstIndex(where: { $0.party == party }) else {
            throw KernelError.scenario("\(party.name) waits for nothing")
        }
        try waitFor("what \(party.name) waits for") { pending[index].outcome != nil }
        return pending.remove(at: index).outcome ?? .waits
    }

    /// Waits until all that was sent has arrived, and lets what waits go on with it.
    private func settle() throws {
        try network.cross()
        try pump()
        try network.cross()
    }

    private func pump() throws {
        for index in pending.indices where pending[index].outcome == nil { try attempt(&pending[index]) }
    }

    /// Waits for what must come; a deadline ends the test where it does not, and decides nothing else.
    private func waitFor(_ what: String, _ condition: () throws -> Bool) throws {
        var limit = 10_000
        while try !condition() {
            guard limit > 0 else { throw KernelError.overdue("\(scenario.name): \(what)") }
            limit -= 1
            try settle()
            _ = poll(nil, 0, 1)
        }
    }

    /// Loses on the way what the first sends, so that the second begins without knowing of it; then waits until it was
    /// sent again.
    private func performAtOnce(_ first: Step.Act, _ second: Step.Act) throws -> [Outcome] {
        if case .connect(let host, let port, _) = first.operation {
            return try connectAtOnce(first, to: host, port, second)
        }
        guard let descriptor = streams[second.party] else {
            throw KernelError.scenario("\(second.party.name) has no connection")
        }
        try KernelSocket.hearNothing(descriptor)
        let one = try perform(first)
        try KernelSocket.hearAgain(descriptor)
        let two = try perform(second)
        let open = streams.values.filter { $0 >= 0 }
        try waitFor("an acknowledgement") { open.allSatisfy { KernelSocket.unacknowledged($0) == 0 } }
        return [one, two]
    }

    /// A listener that hears nothing loses the first SYN without an answer, and is gone before the second act: it is the
    /// one that is closed at once, or one made for this where both connect.
    private func connectAtOnce(
        _ first: Step.Act, to host: String, _ port: UInt16, _ second: Step.Act
    ) throws -> [Outcome] {
        let isClosing = second.operation == .closeListener
        let listener = try isClosing ? listeners[second.party] ?? -1 : makeListener(on: host, port)
        try KernelSocket.hearNothing(listener)
        _ = try perform(first)
        if !isClosing { _ = KernelSocket.close(listener) }
        let two = try perform(second)
        return [try finish(first.party), two]
    }

    private func makeListener(on host: String, _ port: UInt16) throws -> CInt {
        let address = try addresses.address(of: host, port: port)
        let descriptor = try addresses.makeSocket(on: host)
        _ = KernelSocket.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        guard KernelSocket.bind(descriptor, address) == .ok, Glibc.listen(descriptor, 1) == 0 else {
            throw KernelError.call("listen", errno)
        }
        return descriptor
    }
}
