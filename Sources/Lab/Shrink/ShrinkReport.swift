/// What shrinking has come to, as text and as JSON.
public struct ShrinkReport: Encodable, Sendable {
    private let lab: String
    private let seed: UInt64
    private let signature: String
    private let failure: String
    private let before: ShrinkSize
    private let after: ShrinkSize
    private let causes: [String]
    private let runs: Int
    private let whole: Bool

    /// The report of a run that was shrunk.
    public init(_ run: ShrunkRun) {
        (lab, seed, signature) = (run.lab.name, run.seed, run.failure.signature.text)
        (failure, before, after) = (run.failure.text, run.before, run.after)
        (causes, runs, whole) = (run.causes, run.runs, run.isWhole)
    }

    /// For people: by what it fails, what is left, and how much that is of what there was.
    public var text: String {
        var lines = ["\(lab), seed \(seed)  \(signature)"]
        if failure != signature { lines.append("  fails        \(failure)") }
        lines.append("  causes       " + (causes.isEmpty ? "none: it fails without any" : "\(causes.count)"))
        lines += causes.map { "    \($0)" }
        for (name, path) in Self.rows {
            let (old, new) = (before[keyPath: path], after[keyPath: path])
            if old > 0 || new > 0 { lines.append("  \(name.filled(to: 13))\(old) → \(new)") }
        }
        let times = [before.duration, after.duration].map(TimeText.operand)
        lines.append("  \("duration".filled(to: 13))\(times[0]) → \(times[1])")
        lines.append("  runs         \(runs)" + (whole ? "" : ": not all was tried that may be left out"))
        return lines.joined(separator: "\n")
    }

    private static var rows: [(String, KeyPath<ShrinkSize, Int>)] {
        [
            ("draws", \.draws), ("episodes", \.episodes), ("by hand", \.interventions), ("faults", \.faults),
            ("knobs", \.knobs), ("hosts", \.hosts), ("peers", \.peers), ("events", \.events),
        ]
    }
}
