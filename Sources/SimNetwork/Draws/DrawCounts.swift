/// How many draws were made for a connection and its ends, by scope: a few. They go with the connection.
struct DrawCounts {
    private var counts: [(scope: UInt64, number: UInt64)] = []

    /// Adds one to the number of a scope.
    ///
    /// - Returns: what it is then.
    mutating func increment(_ scope: UInt64) -> UInt64 {
        let place = counts.firstIndex { $0.scope == scope } ?? counts.count
        if place == counts.count { counts.append((scope, 0)) }
        counts[place].number += 1
        return counts[place].number
    }
}
