import SimNetwork

/// The first event behind the parting of two timelines that one of them has otherwise, what was done by hand apart.
struct FirstConsequence: Hashable {
    /// The event of the left one, and of the right one; nil for one that has no more.
    let left, right: Int?

    /// How far two timelines were looked at.
    enum Search: Hashable {
        case found(FirstConsequence)
        /// All that follows what was done is the same on both, in so many events.
        case none(events: Int)
        /// So many events are the same, and no more were looked at.
        case outOfReach(events: Int)

        /// What was found.
        var found: FirstConsequence? { if case .found(let consequence) = self { consequence } else { nil } }
    }

    /// Events that are looked at: some hundred milliseconds, where each has to be told in words.
    private static let reach = 20_000

    /// - Parameters:
    ///   - left: one timeline, at its end.
    ///   - right: the other, at its end.
    ///   - events: an event of either, behind which is looked.
    static func search(_ left: Snapshot, _ right: Snapshot, after events: (left: Int, right: Int)) -> Search {
        let (one, other) = (EventText(left), EventText(right))
        var (first, second) = (events.left + 1, events.right + 1)
        for events in 0..<reach {
            first = left.records.firstUndone(from: first)
            second = right.records.firstUndone(from: second)
            switch (first <= left.records.count, second <= right.records.count) {
            case (false, false): return .none(events: events)
            case (true, false):
                // One that has not come so far says nothing of it.
                guard left.records.time(ofEvent: first) <= right.reached else { return .none(events: events) }
                return .found(FirstConsequence(left: first, right: nil))
            case (false, true):
                guard right.records.time(ofEvent: second) <= left.reached else { return .none(events: events) }
                return .found(FirstConsequence(left: nil, right: second))
            case (true, true):
                guard left.records.isAlike(first, second, in: right.records) || one.tells(first, as: second, of: other)
                else { return .found(FirstConsequence(left: first, right: second)) }
            }
            (first, second) = (first + 1, second + 1)
        }
        return .outOfReach(events: reach)
    }
}

extension RecordLog {
    /// The first event from one on that was not done by hand.
    fileprivate func firstUndone(from event: Int) -> Int {
        var event = event
        while event <= count, head(ofEvent: event).kind == .intervention { event += 1 }
        return event
    }
}

extension EventText {
    /// The first change of an event that another timeline tells otherwise, as either tells it; nil for one that has none there.
    func firstChange(of event: Int, toldOtherwise text: EventText, event otherEvent: Int) -> (
        own: String?, other: String?
    ) {
        let (one, another) = (records[event: event], text.records[event: otherEvent])
        for place in 0..<max(one.changes.count, another.changes.count) {
            let own = place < one.changes.count ? line(of: one.changes[place], in: one).text : nil
            let other = place < another.changes.count ? text.line(of: another.changes[place], in: another).text : nil
            if own != other { return (own, other) }
        }
        return (nil, nil)
    }

    /// Whether an event is told in the same words as one of another timeline, at the same time.
    fileprivate func tells(_ event: Int, as otherEvent: Int, of other: EventText) -> Bool {
        let (one, another) = (records[event: event], other.records[event: otherEvent])
        guard one.time == another.time, one.kind == another.kind, one.host == another.host,
            one.connection == another.connection, one.process == another.process,
            one.changes.count == another.changes.count
        else { return false }
        return zip(one.changes, another.changes).allSatisfy { line(of: $0, in: one) == other.line(of: $1, in: another) }
    }
}
