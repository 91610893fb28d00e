import PeerNetworking
import SimNetwork
import Testing

/// An attempt to connect that comes to nothing before anything is sent says why, in its event.
@Suite struct UnaskedTests {
    private struct Reason: Equatable {
        var port: UInt16
        var code: NetworkError.Code
        var text: String
    }

    /// What the records say of attempts for which nothing was sent.
    private func reasons(
        _ actions: [Action] = [], port: UInt16 = 80, host: String = "server", twice: Bool = false
    ) throws -> (reasons: [Reason], said: [String]) {
        let hosts = TwoHosts()
        hosts.serve { stream, _ in _ = try await stream.read(upTo: 1) }
        let transcript = hosts.transcript
        let client = hosts.onClient { providers in
            for _ in 0..<(twice ? 2 : 1) {
                do {
                    _ = try await providers.network.connect(to: Endpoint(host: host, port: port))
                    transcript.say("connected")
                } catch { transcript.say(code(error)) }
            }
        }
        for action in actions { hosts.simulation.establish(action) }
        var reasons: [Reason] = []
        while let record = try hosts.simulation.step(until: Instant(nanoseconds: 5_000_000_000)) {
            for case .unasked(let process, let port, let code, let text) in record.changes {
                #expect(process == client)
                reasons.append(Reason(port: port, code: code, text: text))
            }
        }
        return (reasons, transcript.all)
    }

    @Test func aNameThatDoesNotExist() throws {
        let found = try reasons(host: "nobody")
        #expect(found.reasons == [Reason(port: 80, code: .nameNotFound, text: "no host 'nobody'")])
        #expect(found.said == ["nameNotFound"])
    }

    @Test func aNameThatDoesNotResolve() throws {
        let found = try reasons([.nameError(HostID(1), .notFound, .always), .nameError(HostID(0), .notFound, .always)])
        #expect(found.reasons == [Reason(port: 80, code: .nameNotFound, text: "'server' does not exist")])
    }

    @Test func aLimitOfPorts() throws {
        let limits = [HostID(0), HostID(1)].map { Action.exhaust($0, .ports, 1) }
        let found = try reasons(limits, twice: true)
        #expect(found.reasons.map(\.code) == [.addressNotAvailable])
        #expect(found.reasons.first?.text == "no ephemeral port is left")
        #expect(found.said == ["connected", "addressNotAvailable"])
    }

    @Test func aRefusalIsToldByItsConnection() throws {
        let found = try reasons(port: 81)
        #expect(found.reasons == [], "a SYN was sent, and its answer is the reason")
        #expect(found.said == ["connectionRefused"])
    }
}
