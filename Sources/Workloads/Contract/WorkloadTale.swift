/// What a workload tells of itself while it runs, beside its messages: what a lab can expect of it, and wait for.
///
/// A lab that waits for what is never told is refused, with its place.
public struct WorkloadTale: Hashable, Sendable {
    /// How far it counts what it has done, `.max` for without end; nil for one that counts nothing.
    public var countsTo: UInt64?
    /// Whether it comes to an end, and tells whether all was right.
    public var finishes: Bool
    /// What it needs to come to an end, where it has none as it is: `a 'count'`.
    public var needsToFinish: String?

    /// Tells what it tells.
    ///
    /// - Parameters:
    ///   - countsTo: how far it counts, `.max` for without end; nil for one that counts nothing.
    ///   - finishes: whether it comes to an end and tells how.
    ///   - needsToFinish: what it needs for that, where it does not.
    public init(countsTo: UInt64?, finishes: Bool, needsToFinish: String? = nil) {
        self.countsTo = countsTo
        self.finishes = finishes
        self.needsToFinish = needsToFinish
    }

    /// It serves, and tells nothing of itself.
    public static let nothing = WorkloadTale(countsTo: nil, finishes: false)

    /// It counts, and may come to an end: so it is for one that does not say.
    public static let anything = WorkloadTale(countsTo: .max, finishes: true)

    /// It does something so often, and ends with it; 0 for without end.
    static func of(count: UInt64, counting most: UInt64? = nil) -> WorkloadTale {
        count > 0
            ? WorkloadTale(countsTo: most ?? count, finishes: true)
            : WorkloadTale(countsTo: .max, finishes: false, needsToFinish: "a 'count'")
    }
}
