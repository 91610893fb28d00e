/// The names of faults: those that a lab's `faults:` list can have now, and those that the catalogue foresees.
enum FaultCatalogue {
    /// What a lab file can schedule, in the order in which messages list them.
    static let available = [
        "cut", "heal", "power-loss", "power-on", "process-kill", "restart", "pause", "resume", "slow-reader",
    ]

    /// Properties of a link, which stand under `links:`.
    static let standing = ["latency", "loss"]

    /// Faults of the catalogue that this version has not.
    static let missing = [
        "slow-pair", "bandwidth", "duplicate", "reorder", "corrupt", "clog", "partition", "swizzle", "refuse",
        "unreachable", "connect-hang", "backlog-full", "close", "reset", "half-close", "half-open", "short-read",
        "short-write", "process-exit", "clock-skew", "slow-timers", "name-error", "exhaust",
    ]

    /// What is said of a key that is neither an available fault nor one of the entry's other keys.
    static func message(for name: String, keys: [String]) -> String {
        let offers = "available are \(listing(available))"
        if standing.contains(name) { return "fault '\(name)' is a property of a link; write it under 'links'" }
        if missing.contains(name) { return "fault '\(name)' is not available in this version; \(offers)" }
        if let near = Suggestion.nearest(to: name, among: available + keys) {
            return "unknown fault \(quoted(name)); did you mean '\(near)'?"
        }
        return "unknown fault \(quoted(name)); \(offers)"
    }
}
