/// Finds the fewest of some elements with which something still holds, by leaving out groups of them and then one after the
/// other (ddmin; Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
///
/// What it finds is 1-minimal: without any one of its elements it does not hold. The same elements and the same answers
/// give the same result.
enum DeltaDebugging {
    /// - Parameters:
    ///   - elements: with all of which it holds.
    ///   - first: of some candidates, each some of the elements in their order, the place of the first with which it holds;
    ///     nil where there is none, and for good once nobody may ask any more.
    static func minimum<Element: Hashable>(
        of elements: [Element], where first: (_ candidates: [[Element]]) -> Int?
    ) -> [Element] {
        guard !elements.isEmpty else { return [] }
        if first([[]]) != nil { return [] }
        var current = elements
        var parts = 2
        while current.count > 1 {
            let pieces = split(current, parts)
            let complements = pieces.count > 2 ? pieces.indices.map { without($0, pieces) } : []
            if let found = first(pieces + complements) {
                if found < pieces.count {
                    (current, parts) = (pieces[found], 2)
                } else {
                    (current, parts) = (complements[found - pieces.count], max(parts - 1, 2))
                }
            } else if parts < current.count {
                parts = min(2 * parts, current.count)
            } else {
                break
            }
        }
        return current
    }

    private static func split<Element>(_ elements: [Element], _ parts: Int) -> [[Element]] {
        (0..<parts).map { part in
            Array(elements[(elements.count * part / parts)..<(elements.count * (part + 1) / parts)])
        }
    }

    private static func without<Element>(_ index: Int, _ pieces: [[Element]]) -> [Element] {
        Array(pieces.enumerated().filter { $0.offset != index }.map(\.element).joined())
    }
}
