extension RunReport {
    var peerFacts: [Fact] {
        peers.enumerated().flatMap { entry, peer in
            identity(of: peer, entry) + queueFacts(of: peer, entry) + roundTrips(of: peer, entry)
        }
    }

    private func fact(
        of peer: PeerResult, _ entry: Int, _ keys: [String], _ phrase: String, joint: Fact.Joint = .comma,
        _ metric: Fact.Metric?
    ) -> Fact {
        Fact(
            path: ["peers", "\(entry)"] + keys, line: Fact.Line(heading: "peer", entry: entry), phrase: phrase,
            joint: joint, metric: metric)
    }

    private func identity(of peer: PeerResult, _ entry: Int) -> [Fact] {
        let label = [("peer", peer.name)]
        func text(_ key: String, _ value: String?) -> Fact.Metric? {
            value.map { Fact.Metric("run_peer_\(key)", label, .text($0, label: key)) }
        }
        return [
            fact(of: peer, entry, ["name"], "\(peer.name):", nil),
            fact(of: peer, entry, ["state"], peer.state, joint: .space, text("state", peer.state)),
            fact(of: peer, entry, ["why"], peer.why.map { "(\($0))" } ?? "", joint: .space, text("why", peer.why)),
            fact(
                of: peer, entry, ["circuit"], peer.circuit.map { "circuit \($0)" } ?? "", text("circuit", peer.circuit)),
            fact(
                of: peer, entry, ["reconnects"],
                peer.reconnects > 0 ? NumberText.count(Int(peer.reconnects), "reconnect") : "",
                Fact.Metric("run_peer_reconnects", label, .count(Int64(peer.reconnects)))),
        ]
    }

    /// What it holds. One that has listened tells of all its sessions together, each of which has the capacity for itself.
    private func queueFacts(of peer: PeerResult, _ entry: Int) -> [Fact] {
        let queue = peer.queue
        func metric(_ key: String, _ value: Int32) -> Fact.Metric {
            Fact.Metric("run_peer_queue_\(key)", [("peer", peer.name)], .gauge(Double(value)))
        }
        let depth = peer.isOfSessions ? "queues \(queue.depth) in all" : "queue \(queue.depth)"
        let capacity = fact(
            of: peer, entry, ["queue", "capacity"],
            peer.isOfSessions ? "room for \(queue.capacity) each" : "\(queue.capacity)",
            joint: peer.isOfSessions ? .comma : .slash, metric("capacity", queue.capacity))
        let most = fact(
            of: peer, entry, ["queue", "high_water"], "(at most \(queue.high_water))", joint: .space,
            metric("high_water", queue.high_water))
        return [fact(of: peer, entry, ["queue", "depth"], depth, metric("depth", queue.depth))]
            + (peer.isOfSessions ? [most, capacity] : [capacity, most])
    }

    private func roundTrips(of peer: PeerResult, _ entry: Int) -> [Fact] {
        func metric(_ quantile: String, _ value: Int64?) -> Fact.Metric? {
            value.map {
                Fact.Metric(
                    "run_peer_rtt_seconds", [("peer", peer.name), ("quantile", quantile)], .gauge(Double($0) / 1e9))
            }
        }
        let (median, high) = (peer.rtt_ns.p50, peer.rtt_ns.p99)
        return [
            fact(
                of: peer, entry, ["rtt_ns", "p50"], median.map { "rtt \(ReportTime.milliseconds($0))" } ?? "",
                metric("0.5", median)),
            fact(
                of: peer, entry, ["rtt_ns", "p99"], high.map { "p99 \(ReportTime.milliseconds($0))" } ?? "",
                metric("0.99", high)),
        ]
    }
}

extension RunReport {
    /// What was to hold at the end and on the way: the mark before a line is the verdict.
    var expectationFacts: [Fact] {
        expectations.enumerated().flatMap { entry, verdict in
            let line = Fact.Line(heading: Self.mark(verdict.held), entry: entry)
            let path = ["expectations", "\(entry)"]
            let time = verdict.t_ns.map { ReportTime.seconds($0) }
            return [
                Fact(path: path + ["text"], line: line, phrase: verdict.text),
                Fact(
                    path: path + ["held"], line: line, phrase: "",
                    metric: Fact.Metric(
                        "run_expectation", [("text", verdict.text)],
                        .text(Self.mark(verdict.held).lowercased(), label: "verdict"))),
                Fact(
                    path: path + ["reason"], line: line, phrase: verdict.reason ?? "", joint: .colon,
                    metric: verdict.reason.map {
                        Fact.Metric("run_expectation_reason", [("text", verdict.text)], .text($0, label: "reason"))
                    }),
                Fact(
                    path: path + ["message"], line: line,
                    // The reason names it.
                    phrase: verdict.reason == nil ? verdict.message ?? "" : "", joint: .colon,
                    metric: verdict.message.map {
                        Fact.Metric("run_expectation_message", [("text", verdict.text)], .text($0, label: "message"))
                    }),
                Fact(
                    path: path + ["t_ns"], line: line, phrase: time.map { "(at \($0)" } ?? "", joint: .space,
                    metric: verdict.t_ns.map {
                        Fact.Metric("run_expectation_seconds", [("text", verdict.text)], .gauge(Double($0) / 1e9))
                    }),
                Fact(
                    path: path + ["event"], line: line, phrase: verdict.event.map { "after #\($0))" } ?? "",
                    metric: verdict.event.map {
                        Fact.Metric("run_expectation_event", [("text", verdict.text)], .gauge(Double($0)))
                    }),
            ]
        }
    }

    var invariantFacts: [Fact] {
        invariants.enumerated().flatMap { entry, invariant in
            let line = Fact.Line(heading: Self.mark(invariant.held), entry: expectations.count + entry)
            let path = ["invariants", "\(entry)"]
            return [
                Fact(path: path + ["name"], line: line, phrase: "invariant: \(invariant.name)"),
                Fact(
                    path: path + ["held"], line: line, phrase: "",
                    metric: Fact.Metric(
                        "run_invariant", [("name", invariant.name)],
                        .text(Self.mark(invariant.held).lowercased(), label: "verdict"))),
                Fact(
                    path: path + ["event"], line: line, phrase: invariant.event.map { "(#\($0))" } ?? "", joint: .space,
                    metric: invariant.event.map {
                        Fact.Metric("run_invariant_event", [("name", invariant.name)], .gauge(Double($0)))
                    }),
            ]
        }
    }

    /// The word before a verdict.
    static func mark(_ held: Bool?) -> String {
        switch held {
        case true: "held"
        case false: "FAILED"
        case nil: "open"
        }
    }
}
