import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// A lab with every workload, in a swarm of every fault, and the oracles that judge it.
struct OracleLab {
    /// Deliveries by name, each with a sender and a server of its own.
    static let deliveries: [(name: String, delivery: Delivery)] = [
        ("once", .exactlyOnce), ("reliable", .reliable), ("loose", .unreliable),
    ]

    /// - Parameters:
    ///   - chaos: the lab's `chaos:` and what else belongs to it.
    ///   - instead: for a planted bug: what a sender really asks for.
    static func text(chaos: String, delivering instead: [String: String] = [:]) -> String {
        let names = ["once": "exactly-once", "reliable": "reliable", "loose": "unreliable"]
        let senders = deliveries.enumerated().map { index, one in
            """
              - {name: take-\(one.name), on: server, listen: \(100 + index), run: sink, config: {preset: test}}
              - name: \(one.name)
                on: left
                connect: "server:\(100 + index)"
                run: {flood: {every: 20ms, delivery: \(instead[one.name] ?? names[one.name] ?? "reliable")}}
                config: {preset: test}

            """
        }.joined()
        return """
            lab: oracles
            duration: 6s
            hosts: [server, left, right]
            links:
              - {between: [left, server], latency: {uniform: [1ms, 5ms]}}
              - {between: [right, server], latency: {exponential: 3ms}}
              - {between: [left, right], latency: 2ms}
            peers:
            \(senders)  - {name: echo, on: server, listen: 200, run: echo, config: {preset: test}}
              - {name: ping, on: right, connect: "server:200", run: {ping-pong: {every: 50ms}}, config: {preset: test}}
              - {name: answers, on: server, listen: 201, run: {request-response: {takes: 5ms}}, config: {preset: test}}
              - name: asks
                on: right
                connect: "server:201"
                run: {request-response: {every: 40ms, parallel: 2, timeout: 300ms, pool: {maximum: 2}}}
                config: {preset: test}
              - {name: desk, on: server, listen: 202, run: publish-subscribe, config: {preset: test}}
              - {name: news, on: left, connect: "server:202", run: {publish-subscribe: {publish: x}}, config: {preset: test}}
              - {name: anna, on: right, connect: "server:202", run: {publish-subscribe: {subscribe: x}}, config: {preset: test}}
              - {name: office, on: server, listen: 203, run: {work-queue: {jobs: 1000}}, config: {preset: test}}
              - {name: hand, on: right, connect: "server:203", run: {work-queue: {takes: 50ms}}, config: {preset: test}}
              - {name: mesh-a, on: left, listen: 204, run: heartbeat-mesh, config: {preset: test}}
              - {name: mesh-b, on: right, listen: 204, run: heartbeat-mesh, config: {preset: test}}
            \(chaos)

            """
    }

    /// Without skewed clocks: one that is set back when it is healed keeps every timer that runs waiting for as long.
    static let swarm = """
        invariants: on
        buggify: on
        chaos: {mode: swarm, interval: 1s, length: 200ms, heals-at: 4s, except: [clock-skew]}
        expect: [every peer recovers, mesh-a counts 1, mesh-b counts 1]
        """

    /// Runs a lab under the oracles.
    ///
    /// - Returns: what they found; messages delivered and confirmed, so that silence is not taken for health.
    static func run(
        _ lab: LabDefinition, seed: UInt64, capacity: Int32 = 64
    ) throws -> (violations: [String], delivered: Int, confirmed: Int) {
        var oracles = deliveries.map {
            DeliveryOracle($0.delivery, from: $0.name, to: "take-\($0.name)", capacity: capacity)
        }
        let session = SimSession(lab: lab, seed: seed)
        defer { session.close() }
        var violations: [String] = []
        do {
            _ = try session.seek(to: .time(lab.duration))
        } catch {
            violations.append("\(error)")
        }
        let snapshot = session.snapshot
        let (records, names) = (snapshot.records, snapshot.peerNames)
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            for change in records[event: number].changes {
                switch change {
                case .peerRegistered(let peer, _, _):
                    for index in oracles.indices { oracles[index].begins(names[Int(peer.index)]) }
                case .peer(let peer, let event, _):
                    let name = names[Int(peer.index)]
                    for index in oracles.indices { oracles[index].hear(event, of: name) }
                    // A workload that checks what it gets, and got something else.
                    if case .finished(correct: false) = event { violations.append("\(name): what it got is wrong") }
                default: break
                }
            }
        }
        violations += oracles.flatMap(\.violations)
        violations += snapshot.expectations.filter { $0.verdict == .failed }.map { "\($0.text): \($0.reason ?? "")" }
        if let violation = snapshot.violation { violations.append("\(violation)") }
        return (violations, oracles.reduce(0) { $0 + $1.deliveries }, oracles.reduce(0) { $0 + $1.confirmations })
    }

    /// What the oracles find in a range of seeds, first of each seed.
    static func search(_ seeds: ClosedRange<UInt64>) throws -> (found: [String], delivered: Int, confirmed: Int) {
        let lab = try LabFile.read(text: text(chaos: swarm), name: "x")
        var (found, delivered, confirmed): ([String], Int, Int) = ([], 0, 0)
        for seed in seeds {
            let run = try run(lab, seed: seed)
            if let first = run.violations.first { found.append("seed \(seed): \(first)") }
            delivered += run.delivered
            confirmed += run.confirmed
        }
        return (found, delivered, confirmed)
    }
}

@Suite struct ChaosOracleTests {
    /// In four parts, so that they run beside each other; ten thousand in the soak.
    @Test(arguments: 0..<4 as Range<UInt64>) func fortySeedsKeepTheirPromises(_ part: UInt64) throws {
        let search = try OracleLab.search(part * 10 + 1...part * 10 + 10)
        #expect(search.found == [])
        #expect(search.delivered > 2_000 && search.confirmed > 600, "\(search.delivered), \(search.confirmed)")
    }

    // MARK: The oracles can fail

    /// Seeds until an oracle finds what was planted, and what it said.
    private func find(
        _ words: String, chaos: String = OracleLab.swarm, delivering instead: [String: String] = [:],
        capacity: Int32 = 64
    ) throws -> Bool {
        let lab = try LabFile.read(text: OracleLab.text(chaos: chaos, delivering: instead), name: "x")
        for seed in 1...60 as ClosedRange<UInt64> {
            let run = try OracleLab.run(lab, seed: seed, capacity: capacity)
            if run.violations.contains(where: { $0.contains(words) }) { return true }
        }
        return false
    }

    @Test func aServerThatGivesMessagesTwiceIsFound() throws {
        #expect(try find("twice, or out of order", delivering: ["once": "reliable"]))
    }

    @Test func aSenderThatDoesNotRepeatWhatWasLostIsFound() throws {
        #expect(try find("some are missing", delivering: ["reliable": "unreliable"]))
    }

    @Test func aSenderThatRepeatsWhatItShouldNotIsFound() throws {
        #expect(try find("take-loose: message", delivering: ["loose": "reliable"]))
    }

    @Test func aQueueBeyondItsBoundIsFound() throws {
        #expect(try find("messages, its queue 3", capacity: 3))
    }

    @Test func aPeerThatDoesNotRecoverIsFound() throws {
        let killed = OracleLab.swarm + "\nfaults: [{at: 4100ms, process-kill: echo}]"
        #expect(try find("every peer recovers: ping was", chaos: killed))
    }

    @Test func aNodeThatIsForgottenIsFound() throws {
        let paused = OracleLab.swarm + "\nfaults: [{at: 4100ms, pause: mesh-b}]"
        #expect(try find("mesh-a counts 1", chaos: paused))
    }
}

/// The oracle by itself: what it makes of each thing that must not be.
@Suite struct DeliveryOracleTests {
    private static func queued(_ number: UInt64, _ bytes: Int32 = 64, depth: Int32 = 1) -> (String, PeerEvent) {
        ("give", .queued(message: number, bytes: bytes, delivery: .reliable, depth: depth))
    }

    private static func delivered(_ number: UInt64, _ bytes: Int32 = 64, origin: UInt64 = 1) -> (String, PeerEvent) {
        ("take", .delivered(message: number, origin: origin, bytes: bytes))
    }

    private static func confirmed(_ number: UInt64) -> (String, PeerEvent) {
        ("give", .acknowledged(message: number, depth: 0))
    }

    private func judge(_ delivery: Delivery, _ events: [(String, PeerEvent)], newReceiverAt: Int? = nil) -> [String] {
        var oracle = DeliveryOracle(delivery, from: "give", to: "take")
        for (index, (peer, event)) in events.enumerated() {
            if index == newReceiverAt { oracle.begins("take") }
            oracle.hear(event, of: peer)
        }
        return oracle.violations
    }

    @Test func whatIsRightIsNotFound() {
        let right = [Self.queued(1), Self.queued(2), Self.delivered(1), Self.delivered(2), Self.confirmed(2)]
        for delivery in Delivery.allCases { #expect(judge(delivery, right) == []) }
        // Reliable ones may come again, unreliable ones may be missing, and a new server may be given what the old one was.
        #expect(judge(.reliable, right + [Self.delivered(1), Self.delivered(2)]) == [])
        #expect(judge(.unreliable, [Self.delivered(1), Self.delivered(5)]) == [])
        #expect(judge(.exactlyOnce, right + [Self.delivered(2)], newReceiverAt: 5) == [])
    }

    @Test func whatIsWrongIs() {
        let two = [Self.delivered(1), Self.delivered(2)]
        #expect(judge(.exactlyOnce, two + [Self.delivered(2)]).count == 1)
        #expect(judge(.unreliable, two + [Self.delivered(1)]).count == 1)
        #expect(judge(.exactlyOnce, two + [Self.delivered(4)]).count == 1)
        #expect(judge(.reliable, two + [Self.delivered(4)]).count == 1)
        for delivery in Delivery.allCases {
            // Invented bytes, and a queue beyond its bound.
            let invented = judge(delivery, [Self.delivered(1), Self.queued(2, 64), Self.delivered(2, 63)])
            #expect(invented.count == 1)
            #expect(judge(delivery, [Self.queued(1, depth: 65)]).count == 1)
        }
        #expect(judge(.reliable, [Self.delivered(1), Self.confirmed(2)]).count == 1)
        #expect(judge(.exactlyOnce, [Self.confirmed(1)]).count == 1)
    }
}

/// `make soak` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct ChaosOracleSoakTests {
    @Test(arguments: 0..<2 as Range<UInt64>) func tenThousandSeedsKeepTheirPromises(_ half: UInt64) throws {
        let search = try OracleLab.search(half * 5_000 + 1...half * 5_000 + 5_000)
        #expect(search.found == [])
        #expect(search.delivered > 1_000_000)
    }
}
