import SimNetwork

/// Tells the timelines of a session in words.
package struct TimelineText {
    let timelines: Timelines
    private let names: Names

    /// Those of a snapshot.
    package init(_ snapshot: Snapshot) {
        (timelines, names) = (snapshot.timelines, Names(snapshot))
    }

    /// What failed of what is expected; nil where nothing did.
    package func failed(_ summary: TimelineSummary) -> String? {
        let failed = summary.expectations.filter { $0.verdict == .failed }
        return failed.first.map { $0.text + (failed.count > 1 ? " and \(failed.count - 1) more" : "") }
    }

    /// How long one is: its events, and how far time has come.
    package func length(_ summary: TimelineSummary) -> String {
        "\(NumberText.count(summary.events, "event")) to \(TimeText.clock(summary.time)) s"
    }

    /// Where one left which other.
    package func origin(_ summary: TimelineSummary) -> String? {
        guard let parent = summary.parent.flatMap({ timelines[$0] }) else { return nil }
        return "leaves \(parent.name) after \(ThingNames.event(summary.fork)) at \(TimeText.clock(summary.forkTime)) s"
    }

    /// What was done on one since it left another: `#1201 cut client-server`.
    package func done(_ summary: TimelineSummary) -> [String] {
        summary.interventions.map {
            "\(ThingNames.event($0.event)) \(names.text($0.action))"
        }
    }

    /// All of them, one a line, the current one marked.
    package var lines: [String] {
        timelines.inOrder.map { summary, depth in
            let mark = summary.id == timelines.current ? "*" : " "
            let verdict = summary.outcome.rawValue + (failed(summary).map { ": \($0)" } ?? "")
            let parts = [length(summary), origin(summary), verdict, summary.digest.map { "digest \($0)" }]
            let done = done(summary)
            return "\(mark) \(String(repeating: "  ", count: depth))\(summary.name)  "
                + parts.compactMap(\.self).joined(separator: ", ")
                + (done.isEmpty ? "" : "; done: \(done.joined(separator: ", "))")
        }
    }
}
