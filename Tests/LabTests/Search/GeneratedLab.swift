import SimNetwork
import Workloads

@testable import Lab

/// A valid lab that a seed makes: everything that a lab file may say, extremes often.
///
/// Faults come from their forms, workloads and their parameters from the registry; what lab files say of hosts, links and
/// configurations stands in tables here, with the ends of every range. What does not go together is thrown away by the
/// reader of lab files itself, so that what is left is what it lets pass.
struct GeneratedLab {
    let text: String
    let lab: LabDefinition

    /// The lab of a seed.
    init(seed: UInt64, workloads: WorkloadRegistry = .shipped) throws {
        let dice = SharedDice(seed: seed)
        // A section that the reader refuses is left out in the end: some combinations have no valid form.
        for attempt in 0..<200 {
            let text = try Sections(dice: dice, workloads: workloads, keepsFaults: attempt < 150).text()
            guard let lab = try? LabFile.read(text: text, name: "generated", workloads: workloads) else { continue }
            // What needs much is valid where a machine has it; here many labs run at a time.
            guard MemoryEstimate(lab).bytes < 256 << 20 else { continue }
            (self.text, self.lab) = (text, lab)
            return
        }
        throw NoValidLab(seed: seed)
    }

    /// No lab of a seed was valid: the generator is wrong.
    struct NoValidLab: Error { var seed: UInt64 }
}

/// What one lab is made of.
private struct Sections {
    let dice: SharedDice
    let workloads: WorkloadRegistry
    let keepsFaults: Bool
    let hosts: [String]
    var links: [(String, String)] = []

    init(dice: SharedDice, workloads: WorkloadRegistry, keepsFaults: Bool) {
        self.dice = dice
        self.workloads = workloads
        self.keepsFaults = keepsFaults
        hosts = ["a", "b", "c", "d"].prefix(dice.below(4) + 1).map { $0 }
        for (index, first) in hosts.enumerated() {
            for second in hosts[(index + 1)...] where !dice.once(in: 4) { links.append((first, second)) }
        }
    }

    func text() throws -> String {
        var lines = ["lab: generated", "duration: \(dice.choose(["1ms", "3s", "30s", "43200m"]))"]
        lines += ["hosts:"] + hosts.map { "  \($0): \(flow(some(of: Self.hostKeys, atMost: 3)))" }
        if !links.isEmpty {
            lines += ["links:"] + links.map { "  - \(flow([("between", "[\($0), \($1)]")] + shape()))" }
        }
        var peers: [String] = []
        for number in 0...dice.below(4) { peers += try pair(number) }
        lines += ["peers:"] + peers.map { "  - \($0)" }
        let names = peers.compactMap { $0.split(separator: ",").first?.dropFirst("{name: ".count) }.map(String.init)
        let faults = keepsFaults ? (0..<dice.below(5)).compactMap { _ in fault(peers: names) } : []
        if !faults.isEmpty { lines += ["faults:"] + faults.map { "  - \($0)" } }
        lines += [
            "buggify: \(dice.choose(Self.buggify))", "chaos: \(dice.choose(Self.chaos))",
            "schedule: \(dice.choose(["fifo", "shuffled"]))", "invariants: on",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private func flow(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
    }

    private func some(of keys: [(String, [String])], atMost: Int) -> [(String, String)] {
        var left = keys
        return (0..<dice.below(atMost + 1)).map { _ in
            let key = left.remove(at: dice.below(left.count))
            return (key.0, dice.choose(key.1))
        }
    }

    private func shape() -> [(String, String)] {
        var fields = some(of: Self.shapeKeys, atMost: 3)
        // A queue is before a line.
        if fields.contains(where: { $0.0 == "queue" }), !fields.contains(where: { $0.0 == "bandwidth" }) {
            fields.append(("bandwidth", dice.choose(["1 B/s", "64 KiB/s"])))
        }
        if dice.once(in: 5) { fields.append(("backward", flow(some(of: Self.shapeKeys, atMost: 2)))) }
        return fields
    }

    /// A peer that listens, and where its kind has one, a peer that connects to it.
    private func pair(_ number: Int) throws -> [String] {
        let name = dice.choose(workloads.names)
        let types = workloads[name]
        let (port, host) = (100 + number, dice.choose(hosts))
        var peers: [String] = []
        for type in types {
            let run = try "{\(name): \(parameters(of: type))}"
            switch type.role {
            case .listens: peers.append(peer("l\(number)", host, [("listen", "\(port)"), ("run", run)]))
            case .connects:
                for copy in 0...dice.below(2) {
                    peers.append(
                        peer(
                            "p\(number)x\(copy)", dice.choose(hosts),
                            [("connect", "\"\(host):\(port)\""), ("run", run)]))
                }
            }
        }
        let needsServer = types.allSatisfy { $0.role == .connects }
        if needsServer, !dice.once(in: 6) {
            let server = dice.choose(["echo", "sink"])
            peers.append(peer("l\(number)", host, [("listen", "\(port)"), ("run", server)]))
        }
        return peers
    }

    private func peer(_ name: String, _ host: String, _ fields: [(String, String)]) -> String {
        let config = some(of: Self.configKeys, atMost: 4)
        return flow([("name", name), ("on", host)] + fields + (config.isEmpty ? [] : [("config", flow(config))]))
    }

    private func parameters(of type: any Workload.Type) throws -> String {
        func text<One: Workload>(_ type: One.Type) throws -> String {
            try RandomParameters.text(of: One.Parameters.self, dice)
        }
        return try text(type)
    }

    // MARK: Faults

    private func fault(peers: [String]) -> String? {
        let form = dice.choose(ActionForm.all)
        var operands: [(String, String)] = []
        for operand in form.operands where !operand.isOptional || dice.once(in: 2) {
            guard let value = value(of: operand, peers) else { return nil }
            operands.append((operand.name, value))
        }
        guard let first = operands.first else { return nil }
        var fields: [(String, String)] = dice.once(in: 6) ? [] : [("at", dice.choose(["0s", "1ms", "500ms", "2s"]))]
        fields.append((form.name, first.1))
        fields += operands.dropFirst()
        if dice.once(in: 2) { fields.append(("for", dice.choose(["1ns", "300ms", "1s"]))) }
        if dice.once(in: 4) { fields.append(("every", dice.choose(["1ms", "1s"]))) }
        return flow(fields)
    }

    private func value(of operand: ActionForm.Operand, _ peers: [String]) -> String? {
        if !operand.words.isEmpty, dice.once(in: 2) { return dice.choose(operand.words) }
        let (one, other) = (dice.choose(hosts), dice.choose(hosts))
        func link() -> String? { links.isEmpty ? nil : "\(dice.choose(links))".filter { "abcd,".contains($0) } }
        switch operand.kind {
        case .link: return link().map { "[\($0)]" }
        case .direction: return dice.choose(["\(one)->\(other)", "inbound", "outbound"])
        case .host: return one
        case .hosts: return dice.choose(["[\(one)]", "\"*\"", "[\(hosts.joined(separator: ", "))]"])
        case .groups: return dice.choose(["[[\(one)], [\(other)]]", one])
        case .pair: return "\(one)->\(other)"
        case .peer: return dice.choose(peers)
        case .service: return dice.choose([one, "\"\(one):100\""])
        case .connection: return dice.choose(["c1", "c2"])
        case .side: return dice.choose(["client", "server"])
        case .segment: return "\(dice.number(in: 1...1_000))"
        case .target(let kinds):
            switch dice.choose(kinds) {
            case .peer: return dice.choose(peers)
            case .host: return one
            case .link: return link().map { "[\($0)]" }
            case .connection: return "c1"
            }
        case .duration(let range): return "\(dice.number(in: range))ns"
        case .size(let range): return "\(dice.number(in: range)) B"
        case .rate: return "\(dice.number(in: ActionForm.Operand.Kind.rates)) B/s"
        case .count(let range): return "\(dice.number(in: range))"
        case .probability: return dice.choose(Self.probabilities)
        case .latency: return dice.choose(Self.latencies)
        case .loss: return dice.choose(Self.losses)
        case .flag: return dice.choose(["true", "false"])
        case .site: return dice.choose(DrawSite.names)
        case .subject: return dice.choose(["\"\(one)→\(other)\"", "p0x0", "c1"])
        case .option: return dice.choose(["true", "false", "1", "0", "1s", "4 KiB", "reno", "reset", "usual"])
        case .word: return operand.words.isEmpty ? nil : dice.choose(operand.words)
        }
    }
}

// What the readers of hosts, links and configurations take, with the ends of each range.
extension Sections {
    private static let probabilities = ["0", "1", "0.5", "0.000001"]
    private static let losses =
        probabilities + ["{burst: [0.1, 0.1]}", "{burst: [1, 0, 0, 1]}", "{burst: [0, 1, 1, 0]}"]
    private static let waits = ["1ms", "60m", "2s"]
    private static let long = ["1ms", "1440m", "2s", "off"]
    private static let latencies = [
        "0s", "1ns", "60m", "{uniform: [0s, 60m]}", "{uniform: [1ms, 1ms]}", "{normal: [60m, 60m]}",
        "{normal: [0s, 60m]}", "{exponential: 60m}", "{exponential: 0s}", "{bimodal: [0s, 60m, 0.5]}",
        "{pareto: [60m, 0.1]}", "{pareto: [0s, 100]}", "1ms", "{uniform: [1ms, 5ms]}",
    ]

    static let hostKeys: [(String, [String])] = [
        ("send-buffer", ["1 KiB", "1024 MiB"]), ("receive-buffer", ["1 KiB", "1024 MiB"]),
        ("tcp", ["linux", "textbook"]), ("tcp_congestion_control", ["cubic", "reno", "none"]),
        ("initcwnd", ["1", "1000"]), ("tcp_sack", ["true", "false"]), ("tcp_timestamps", ["true", "false"]),
        ("tcp_window_scaling", ["true", "false"]), ("TCP_NODELAY", ["true", "false"]),
        ("TCP_CORK", ["true", "false", "false"]), ("tcp_reordering", ["1", "300"]),
        ("tcp_syn_linear_timeouts", ["0", "127"]), ("tcp_orphan_retries", ["0", "255"]),
        ("tcp_mtu_probing", ["0", "1", "2"]), ("tcp_base_mss", ["48", "65495"]), ("tcp_ecn", ["0", "1", "2"]),
        ("tcp_retries1", ["0", "255"]), ("drops", ["icmp"]),
        ("backlog", ["1", "65535"]), ("syn-retries", ["0", "127"]), ("tcp_synack_retries", ["0", "255"]),
        ("retries", ["0", "255"]), ("tcp_fin_timeout", ["1ms", "43200m"]), ("SO_KEEPALIVE", ["true", "false"]),
        ("tcp_keepalive_time", ["1ms", "43200m"]), ("tcp_keepalive_intvl", ["1ms", "43200m"]),
        ("tcp_keepalive_probes", ["1", "127"]), ("TCP_USER_TIMEOUT", ["0s", "1ms", "43200m"]),
        ("router", ["true", "false", "false", "false"]), ("sockets", ["0", "1", "1000000"]),
        ("memory", ["0 B", "1 B", "1048576 MiB"]), ("ports", ["0", "1", "28232"]),
        (
            "clock",
            [
                "{offset: 525600m}", "{offset: -525600m}", "{drift: 500ms}", "{drift: -500ms}",
                "{offset: 1ns, drift: 1ns}",
            ]
        ),
        (
            "slow-timers",
            ["{most: 60m, probability: 1}", "{most: 0s, probability: 1}", "{most: 1ms, probability: 0.5}"]
        ),
    ]

    private static let shapeKeys: [(String, [String])] = [
        ("latency", latencies), ("loss", losses), ("duplicate", probabilities),
        ("reorder", ["[1, 60m]", "[0.5, 1ms]", "[1, 0s]"]), ("corrupt", ["1", "{caught: 0, uncaught: 1}", "0.1"]),
        ("bandwidth", ["0 B/s", "1 B/s", "1048576 MiB/s", "64 KiB/s"]),
        (
            "queue",
            [
                "0 B", "1 B", "1024 MiB", "{bytes: 0 B, discipline: red, weight: 1, marks: yes}",
                "{bytes: 4 KiB, discipline: red, min: 1 B, max: 2 B, probability: 1}",
                "{bytes: 64 KiB, discipline: red, marks: yes}",
            ]
        ),
        ("mtu", ["128", "65535", "129", "{bytes: 128, tells: no}", "{bytes: 1400, tells: no}"]),
    ]

    private static let configKeys: [(String, [String])] = [
        ("preset", ["lan", "wan", "test", "simulation", "production"]), ("queue", ["1", "2", "1000000"]),
        ("queue-bytes", ["1 B", "64 B", "1024 MiB"]), ("inbox", ["1", "1000000"]),
        ("inbox-bytes", ["64 B", "1024 MiB"]),
        ("maximum-payload", ["1 B", "8 B", "64 B", "16 MiB"]), ("high-water", ["1", "0.3"]),
        ("low-water", ["0", "0.7"]), ("connect-timeout", waits), ("handshake-timeout", waits), ("read-timeout", long),
        ("write-timeout", long), ("idle-timeout", long), ("close-timeout", ["0s", "60m"]),
        ("batch", ["1", "1024"]), ("batch-bytes", ["1 B", "16 MiB"]), ("linger", ["0s", "1ns", "1s"]),
        ("reconnects", ["true", "false"]), ("expects", ["x", "l0"]), ("sessions", ["1", "1000000"]),
        (
            "heartbeat",
            [
                "off", "{interval: 1ms, timeout: 2ms}", "{interval: 60m, timeout: 1440m}",
                "{interval: 1ms, timeout: 1440m, phi: 1}",
                "{interval: 100ms, timeout: 1s, phi: {threshold: 16, window: 2, minimum-deviation: 0s}}",
                "{interval: 100ms, timeout: 1s, reconnect-below: 1}",
            ]
        ),
        (
            "breaker",
            ["off", "{failures: 1, open-for: 1ms, probes: 1}", "{failures: 1000000, open-for: 60m, probes: 1000}"]
        ),
        (
            "backoff",
            [
                "{initial: 1ms, maximum: 1ms}", "{initial: 60m, maximum: 60m}", "{growth: decorrelated, jitter: full}",
                "{growth: adaptive, reset-after: 0s}", "{attempts: 1}", "{jitter: none, reset-after: 60m}",
            ]
        ),
    ]

    private static let buggify = [
        "off", "on", "swarm", "pairwise", "{activation: 1, firing: 1, knobs: true}",
        "{activation: 1, firing: 0, knobs: true}",
    ]
    private static let chaos = [
        "off", "all", "swarm", "pairwise", "{interval: 1ms, length: 1ms}", "{interval: 60m, length: 60m}",
        "{mode: swarm, interval: 300ms, length: 200ms, heals-at: 2s}",
    ]
}
