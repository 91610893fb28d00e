import PeerNetworking
import Testing

extension ProviderUnderTest {
    /// Runs scenarios on it.
    fileprivate var driver: any ScenarioDriver {
        switch self {
        case .simulation: SimulationDriver()
        case .loopback: KernelDriver()
        case .linux: WiredKernelDriver()
        }
    }
}

/// The kernel under the test is the judge: of the simulated one, and of the wire between two. No transcript is written by hand.
@Suite(.timeLimit(.minutes(5))) struct KernelTests {
    @Test(arguments: ProviderUnderTest.allCases, Scenario.all)
    func everyNetworkSaysWhatTheKernelSays(_ provider: ProviderUnderTest, _ scenario: Scenario) async throws {
        let kernel = try await KernelDriver().transcript(of: scenario)
        let transcript = try await provider.driver.transcript(of: scenario)
        #expect(kernel.count == scenario.steps.count && !kernel.isEmpty)
        if provider == .simulation, let reason = scenario.knownDifference {
            #expect(transcript.count == kernel.count)
            #expect(transcript != kernel, "they agree by now; it was: \(reason)")
        } else {
            #expect(transcript == kernel)
        }
    }

    /// A comparison that cannot fail would judge nothing: here one side runs another scenario.
    @Test(arguments: [
        (Step.server(.close), Step.server(.reset)), (.server(.shutdownWrite), .server(.close)),
        (.server(.write(3)), .server(.write(4))), (.server(.close), .server(.set(.keepAlive(nil)))),
    ])
    func aWrongModelIsFound(_ right: Step, _ wrong: Step) async throws {
        func ending(with step: Step) -> Scenario {
            Scenario("wrong", .closing, Scenario.open + [step, .client(.read), .client(.write(1)), .client(.write(1))])
        }
        // What the step itself says is left out: the difference must be seen by the other side.
        func seen(_ transcript: [String]) -> [String] { transcript.filter { $0.hasPrefix("client") } }
        let kernel = try await KernelDriver().transcript(of: ending(with: right))
        #expect(try await seen(SimulationDriver().transcript(of: ending(with: right))) == seen(kernel))
        #expect(try await seen(SimulationDriver().transcript(of: ending(with: wrong))) != seen(kernel))
    }

    /// Bytes that are lost, repeated or moved are no success.
    @Test func wrongBytesAreFound() {
        let ledger = Ledger()
        let bytes = ledger.bytes(600, for: .client)
        #expect(ledger.took(bytes[..<300], .server))
        #expect(!ledger.took(bytes[301...], .server))
    }

    @Test func scenariosHaveNamesOfTheirOwn() {
        #expect(Set(Scenario.all.map(\.testDescription)).count == Scenario.all.count)
        #expect(Set(Scenario.all.map(\.group)).count == Scenario.Group.allCases.count)
    }
}
