extension RunReport {
    /// All that the report says, in the order of the text.
    var facts: [Fact] {
        runFacts + totals + wireFacts + congestionFacts + faultFacts + buggifyFacts + knobFacts + peerFacts
            + programFacts
            + unavailableFacts
            + expectationFacts
            + invariantFacts + errorFacts
    }

    // MARK: The run and its totals

    private var runFacts: [Fact] {
        let (first, second) = (Fact.Line(heading: "", entry: 0), Fact.Line(heading: "", entry: 1))
        func info(_ label: String, _ text: String) -> Fact.Metric {
            Fact.Metric("run_info", [], .text(text, label: label))
        }
        var facts = [
            Fact(path: ["lab"], line: first, phrase: lab, metric: info("lab", lab)),
            Fact(path: ["seed"], line: first, phrase: "seed \(seed)", metric: info("seed", "\(seed)")),
            Fact(path: ["provider"], line: first, phrase: "on \(provider)", metric: info("provider", provider)),
            Fact(
                path: ["outcome"], line: first, phrase: outcome.rawValue, joint: .colon,
                metric: info("outcome", outcome.rawValue)),
            Fact(
                path: ["events"], line: second, phrase: NumberText.count(events, "event"),
                metric: Fact.Metric("run_events", [], .count(Int64(events)))),
            Fact(
                path: ["simulated_ns"], line: second, phrase: "in \(ReportTime.seconds(simulated_ns))", joint: .space,
                metric: Fact.Metric("run_elapsed_seconds", [], .gauge(Double(simulated_ns) / 1e9))),
        ]
        facts.append(
            Fact(
                path: ["digest"], line: second, phrase: digest.map { "digest \($0)" } ?? "",
                metric: digest.map { info("digest", $0) }))
        return facts
    }

    /// Counts of one line, with their words; those of nothing are left out, and where there is nothing at all, that is said.
    private func counts(
        _ group: String, metric: String, _ entries: [(key: String, count: Int64, words: String)]
    ) -> [Fact] {
        let isNothing = entries.allSatisfy { $0.count == 0 }
        return entries.enumerated().map { place, entry in
            let nothing = isNothing && place == 0 ? "none" : ""
            return Fact(
                path: [group, entry.key], line: Fact.Line(heading: group),
                phrase: entry.count == 0 ? nothing : "\(entry.count) \(entry.words)",
                metric: Fact.Metric(metric, [("event", entry.key)], .count(entry.count)))
        }
    }

    private var totals: [Fact] {
        let facts =
            counts(
                "connections", metric: "network_connections",
                [
                    ("attempted", connections.attempted, "attempted"),
                    ("established", connections.established, "established"),
                    ("refused", connections.refused, "refused"),
                    ("timed_out", connections.timed_out, "timed out"), ("reset", connections.reset, "reset"),
                    ("closed", connections.closed, "closed"), ("unanswered", connections.unanswered, "unanswered"),
                ])
            + counts(
                "messages", metric: "run_messages",
                [
                    ("sent", messages.sent, "sent"), ("delivered", messages.delivered, "delivered"),
                    ("duplicated", messages.duplicated, "delivered twice"), ("dropped", messages.dropped, "dropped"),
                    ("requeued", messages.requeued, "requeued"), ("lost", messages.lost, "lost with their connection"),
                    ("refused", messages.refused, "refused"),
                ])
        guard let segments else { return facts + [Fact(path: ["segments"], line: Fact.Line(heading: ""), phrase: "")] }
        return facts
            + counts(
                "segments", metric: "network_segments",
                [
                    ("sent", segments.sent, "sent"), ("delivered", segments.delivered, "delivered"),
                    ("lost", segments.lost, "lost"), ("retransmitted", segments.retransmitted, "repeated"),
                ])
    }

    // MARK: Faults, sites and knobs

    private var faultFacts: [Fact] {
        faults.sorted { $0.key < $1.key }.enumerated().flatMap { entry, fault in
            let (name, counts) = fault
            let line = Fact.Line(heading: "fault", entry: entry)
            func fact(_ key: String, _ count: Int64, _ phrase: String, _ joint: Fact.Joint = .comma) -> Fact {
                let metric =
                    key == "effects"
                    ? Fact.Metric("network_fault_effects", [("fault", name)], .count(count))
                    : Fact.Metric("network_faults", [("fault", name), ("event", key)], .count(count))
                return Fact(path: ["faults", name, key], line: line, phrase: phrase, joint: joint, metric: metric)
            }
            func some(_ count: Int64, _ phrase: String) -> String { count > 0 ? phrase : "" }
            return [
                Fact(path: [], line: line, phrase: "\(name):"),
                fact("set", counts.set, some(counts.set, "set \(counts.set)")),
                fact("fired", counts.fired, Self.strikes(counts)),
                fact("drawn", counts.drawn, some(counts.drawn, "of \(counts.drawn) drawn"), .space),
                fact("healed", counts.healed, some(counts.healed, "ended \(counts.healed)")),
                fact(
                    "effects", counts.effects,
                    some(counts.effects, NumberText.count(Int(counts.effects), "effect"))),
                fact(
                    "armed", counts.armed,
                    some(counts.armed, "armed in \(NumberText.count(Int(counts.armed), "place")) of the lab")),
            ]
        }
    }

    private static func strikes(_ fault: Fault) -> String {
        if fault.drawn > 0 || fault.fired > 0 { return "struck \(fault.fired)" }
        if fault.effects > 0 { return fault.armed > 0 ? "stands" : "" }
        return fault.healed == 0 ? "did not strike" : ""
    }

    private var buggifyFacts: [Fact] {
        buggify.enumerated().flatMap { entry, site in
            let (line, path) = (Fact.Line(heading: "buggify", entry: entry), ["buggify", "\(entry)"])
            let labels = [("site", site.site)]
            func metric(_ event: String, _ count: Int64) -> Fact.Metric {
                Fact.Metric("run_buggify_site", labels + [("event", event)], .count(count))
            }
            return [
                Fact(path: path + ["site"], line: line, phrase: "\(site.site):"),
                Fact(
                    path: path + ["armed"], line: line, phrase: site.armed ? "armed" : "off in this run", joint: .space,
                    metric: metric("armed", site.armed ? 1 : 0)),
                Fact(
                    path: path + ["fired"], line: line, phrase: site.armed ? "fired \(site.fired)" : "",
                    metric: metric("fired", site.fired)
                ),
                Fact(
                    path: path + ["draws"], line: line,
                    phrase: (site.armed ? "of " : "") + NumberText.count(Int(site.draws), "draw"),
                    joint: site.armed ? .space : .comma,
                    metric: metric("drawn", site.draws)),
            ]
        }
    }

    private var knobFacts: [Fact] {
        knobs.enumerated().flatMap { entry, knob in
            let (line, path) = (Fact.Line(heading: "knob", entry: entry), ["knobs", "\(entry)"])
            return [
                Fact(path: path + ["of"], line: line, phrase: "\(knob.of):"),
                Fact(path: path + ["knob"], line: line, phrase: knob.knob, joint: .space),
                Fact(
                    path: path + ["value"], line: line, phrase: "is \(knob.value)", joint: .space,
                    metric: Fact.Metric(
                        "run_knob", [("of", knob.of), ("knob", knob.knob)], .text(knob.value, label: "value"))),
            ]
        }
    }

    private var unavailableFacts: [Fact] {
        let line = Fact.Line(heading: "unavailable")
        guard !unavailable.isEmpty else { return [Fact(path: ["unavailable"], line: line, phrase: "")] }
        return [Fact(path: [], line: line, phrase: "on \(provider)")]
            + unavailable.enumerated().map { entry, fault in
                Fact(
                    path: ["unavailable", "\(entry)"], line: line, phrase: fault, joint: entry == 0 ? .colon : .comma,
                    metric: Fact.Metric("run_unavailable", [], .text(fault, label: "fault")))
            } + [Fact(path: [], line: line, phrase: "; what hangs on it was not judged", joint: .none)]
    }

    private var programFacts: [Fact] {
        (programs ?? []).enumerated().flatMap { entry, program in
            let (line, path) = (Fact.Line(heading: "program", entry: entry), ["programs", "\(entry)"])
            let label = [("program", program.name)]
            return [
                Fact(path: path + ["name"], line: line, phrase: "\(program.name):"),
                Fact(
                    path: path + ["exit"], line: line, phrase: program.exit.map { "ended with \($0)" } ?? "running",
                    joint: .space,
                    metric: program.exit.map { Fact.Metric("run_program_exit", label, .gauge(Double($0))) }),
                Fact(
                    path: path + ["log"], line: line, phrase: program.log,
                    metric: Fact.Metric("run_program_log", label, .text(program.log, label: "log"))),
            ]
        }
    }

    private var wireFacts: [Fact] {
        guard let wire = wire_late_ns else { return [] }
        let line = Fact.Line(heading: "wire")
        func fact(_ key: String, _ quantile: String, _ value: Int64, _ phrase: String, _ joint: Fact.Joint) -> Fact {
            Fact(
                path: ["wire_late_ns", key], line: line, phrase: phrase, joint: joint,
                metric: Fact.Metric("run_wire_late_seconds", [("quantile", quantile)], .gauge(Double(value) / 1e9)))
        }
        return [
            Fact(
                path: ["wire_late_ns", "packets"], line: line, phrase: NumberText.count(wire.packets, "packet"),
                metric: Fact.Metric("run_wire_packets", [], .count(Int64(wire.packets)))),
            fact("p50", "0.5", wire.p50, "late by \(ReportTime.milliseconds(wire.p50)) in the median", .comma),
            fact("p99", "0.99", wire.p99, "p99 \(ReportTime.milliseconds(wire.p99))", .comma),
            Fact(
                path: ["wire_late_ns", "stall"], line: line,
                phrase: "longest stall \(ReportTime.milliseconds(wire.stall))", joint: .comma,
                metric: Fact.Metric("run_stall_seconds", [], .gauge(Double(wire.stall) / 1e9))),
        ]
    }

    private var congestionFacts: [Fact] {
        (congestion ?? []).enumerated().flatMap { entry, use in
            let (line, path) = (Fact.Line(heading: "congestion", entry: entry), ["congestion", "\(entry)"])
            return [
                Fact(path: path + ["control"], line: line, phrase: "\(use.control):"),
                Fact(path: path + ["of"], line: line, phrase: use.of, joint: .space),
            ]
                + use.hosts.enumerated().map { place, host in
                    Fact(
                        path: path + ["hosts", "\(place)"], line: line,
                        phrase: place == 0 ? "on \(use.place)" : "", joint: .space,
                        metric: Fact.Metric(
                            "run_congestion_control", [("of", use.of), ("host", host)],
                            .text(use.control, label: "control")))
                }
                + (use.hosts.isEmpty
                    ? [
                        Fact(
                            path: path + ["hosts"], line: line, phrase: "",
                            metric: Fact.Metric(
                                "run_congestion_control", [("of", use.of)], .text(use.control, label: "control")))
                    ] : [])
        }
    }

    private var errorFacts: [Fact] {
        guard let error else { return [] }
        return [
            Fact(
                path: ["error"], line: Fact.Line(heading: "error"), phrase: error,
                metric: Fact.Metric("run_error", [], .text(error, label: "error")))
        ]
    }
}
