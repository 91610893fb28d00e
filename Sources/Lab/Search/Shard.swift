/// A share of the seeds of a sweep: every so manieth, from a place on, so that shares are alike however the seeds differ.
package struct Shard: Hashable, Sendable {
    /// Which, from 0.
    package let index: Int
    /// Of how many.
    package let count: Int

    /// Shares at most.
    package static let most = 100_000

    /// - Parameters:
    ///   - index: from 0 or from 1: the last of those that count from 1 is the first of those that count from 0.
    ///   - count: from 1 to ``most``.
    package init?(_ index: Int, of count: Int) {
        guard (1...Self.most).contains(count), (0...count).contains(index) else { return nil }
        (self.index, self.count) = (index % count, count)
    }

    /// Reads `I/N`.
    ///
    /// - Throws: ``SessionError`` that says what one looks like.
    package static func read(_ text: String) throws(SessionError) -> Shard {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
            let shard = Shard(index, of: count)
        else {
            throw SessionError("a shard is its number and how many there are, as in '0/8' (and 8/8 is 0/8)")
        }
        return shard
    }

    /// The shard that a machine's scheduler has given to this process; nil where none has.
    ///
    /// - Parameter environment: `SLURM_ARRAY_TASK_ID` with `_COUNT` and `_MIN` (Slurm's job arrays), `JOB_COMPLETION_INDEX` with
    ///   `JOB_COMPLETIONS` (Kubernetes' indexed jobs), or `PARALLEL_SEQ` with `PARALLEL_JOBS` (GNU parallel; the latter is the
    ///   user's own).
    package static func given(by environment: [String: String]) -> Shard? {
        func number(_ name: String) -> Int? { environment[name].flatMap(Int.init) }
        if let id = number("SLURM_ARRAY_TASK_ID"), let count = number("SLURM_ARRAY_TASK_COUNT") {
            return Shard(id - (number("SLURM_ARRAY_TASK_MIN") ?? 0), of: count)
        }
        if let index = number("JOB_COMPLETION_INDEX"), let count = number("JOB_COMPLETIONS") {
            return Shard(index, of: count)
        }
        if let index = number("PARALLEL_SEQ"), let count = number("PARALLEL_JOBS") { return Shard(index, of: count) }
        return nil
    }

    /// Whether a seed is in it, by its place among all of them.
    package func has(_ place: UInt64) -> Bool { place % UInt64(count) == UInt64(index) }

    /// `0/8`.
    package var text: String { "\(index)/\(count)" }
}
