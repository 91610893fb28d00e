package import Lab

/// Two timelines that are shown side by side, and how they differ.
package struct TimelineComparison: Hashable, Sendable {
    /// The one beside the current one.
    package let partner: TimelineID
    /// Whether the current one stands at the left.
    package let isCurrentLeft: Bool
    /// How they differ.
    package let difference: TimelineDifference
    /// How they differ, in words.
    package let sentences: [String]
    /// From which line of the words on they are shown; nil for what says most in the room that there is.
    package var scroll: Int?
    /// What they were when they were compared.
    private let stand: [TimelineSummary]

    init(_ partner: TimelineID, _ difference: TimelineDifference, _ timelines: Timelines, isCurrentLeft: Bool) {
        self.partner = partner
        self.isCurrentLeft = isCurrentLeft
        self.difference = difference
        sentences = difference.sentences
        stand = Self.stand(partner, timelines)
    }

    private static func stand(_ partner: TimelineID, _ timelines: Timelines) -> [TimelineSummary] {
        [timelines[timelines.current], timelines[partner]].compactMap(\.self)
    }

    /// Whether it still tells of the timelines as they are.
    func isOf(_ timelines: Timelines) -> Bool { stand == Self.stand(partner, timelines) }
}
