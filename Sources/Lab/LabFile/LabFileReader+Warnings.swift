import SimNetwork

extension LabFileReader {
    /// A fault that the lab's end comes before: whoever waits for it to be lifted waits in vain.
    ///
    /// One that waits for something strikes after its `after` at the earliest.
    mutating func warnOfOutlasting(_ trigger: Trigger?, lasts: Int64?, at place: Place) {
        guard let lasts, let end = names.duration, let trigger else { return }
        let over = "the lab is over at \(Scale.duration.text(end))"
        let advice = "let the lab last longer, or leave 'for' out"
        switch trigger {
        case .at(let start) where start + lasts > end:
            warn(place, "\(over), before this is lifted at \(Scale.duration.text(start + lasts)); \(advice)")
        case .when(_, let after) where after + lasts > end:
            warn(
                place,
                "\(over), before this is lifted, at \(Scale.duration.text(after + lasts)) at the earliest; \(advice)")
        case .at, .when: break
        }
    }

    /// The warnings in the order of the file.
    var sortedWarnings: [LabDiagnostic] {
        warnings.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset)
                < (right.element.line, right.element.column, right.offset)
        }.map(\.element)
    }
}
