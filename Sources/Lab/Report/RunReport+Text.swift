extension RunReport {
    /// The report for people: some lines, the expectations last.
    public func text() -> String {
        var lines = ["\(lab), seed \(seed), on \(provider): \(outcome.rawValue)"]
        lines.append(
            "  \(events) events in \(RunReport.seconds(simulated_ns))" + (digest.map { ", digest \($0)" } ?? ""))
        lines.append(
            "  connections  \(connections.attempted) attempted, \(connections.established) established, "
                + "\(connections.refused) refused, \(connections.timed_out) timed out, \(connections.reset) reset"
                + unanswered)
        lines.append(
            "  messages     \(messages.sent) sent, \(messages.delivered) delivered, \(messages.duplicated) twice, "
                + "\(messages.dropped) dropped, \(messages.requeued) requeued")
        if let segments {
            lines.append(
                "  segments     \(segments.sent) sent, \(segments.delivered) delivered, \(segments.lost) lost, "
                    + "\(segments.retransmitted) repeated")
        }
        for (name, fault) in faults.sorted(by: { $0.key < $1.key }) {
            lines.append("  fault        \(name): \(RunReport.text(of: fault))")
        }
        for site in buggify {
            lines.append(
                "  buggify      \(site.site): \(site.armed ? "armed" : "off"), fired \(site.fired) of \(site.draws)")
        }
        for knob in knobs { lines.append("  knob         \(knob.of): \(knob.knob) is \(knob.value)") }
        for peer in peers {
            lines.append(
                "  peer         \(peer.name): \(peer.state), \(peer.reconnects) "
                    + (peer.reconnects == 1 ? "reconnect, " : "reconnects, ") + peer.queueText)
        }
        if !unavailable.isEmpty {
            lines.append("  unavailable  on \(provider): \(unavailable.joined(separator: ", ")); nothing was judged")
        }
        for expectation in expectations {
            let mark = expectation.held.map { $0 ? "held  " : "FAILED" } ?? "open  "
            lines.append("  \(mark)       \(expectation.text)" + (expectation.reason.map { ": \($0)" } ?? ""))
        }
        for invariant in invariants where !invariant.held {
            lines.append("  FAILED       invariant: \(invariant.name)")
        }
        if let error { lines.append("  error        \(error)") }
        return lines.joined(separator: "\n")
    }

    /// The attempts that ended, or go on, without an answer of the network: whoever asked gave them up by a timeout of its
    /// own, or waits.
    private var unanswered: String {
        let ended = connections.established + connections.refused + connections.timed_out
        return connections.attempted > ended ? ", \(connections.attempted - ended) unanswered" : ""
    }

    /// How often a fault was set, drawn for, struck and ended, and what it did.
    private static func text(of fault: Fault) -> String {
        let stands = fault.armed > 0 && fault.effects > 0
        var parts: [String] = []
        if fault.set > 0 { parts.append("set \(fault.set)") }
        if fault.drawn > 0 {
            parts.append("struck \(fault.fired) of \(fault.drawn) drawn")
        } else if fault.fired > 0 {
            parts.append("struck \(fault.fired)")
        } else if stands {
            parts.append("stands")
        } else if fault.healed == 0 {
            parts.append("did not strike")
        }
        if fault.healed > 0 { parts.append("ended \(fault.healed)") }
        if fault.effects > 0 { parts.append("\(fault.effects) \(fault.effects == 1 ? "effect" : "effects")") }
        return parts.joined(separator: ", ")
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let thousandths = nanoseconds / 1_000_000
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
    }
}

extension RunReport.PeerResult {
    /// What it holds. One that has listened tells of all its sessions together, each of which has the capacity for itself.
    fileprivate var queueText: String {
        isOfSessions
            ? "queues \(queue.depth) in all (at most \(queue.high_water)), \(queue.capacity) each"
            : "queue \(queue.depth)/\(queue.capacity) (at most \(queue.high_water))"
    }
}
