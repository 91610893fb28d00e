import Lab
import Screen
import SimNetwork

/// The events of two timelines up to their cursors, the newest last: what is the same stands in one row, what only one of
/// them has in a row of its own, in the order of time; what is alike at the same time shares a row, too.
struct AlignedEvents {
    /// A row: the number of an event on either side.
    struct Row: Hashable {
        var left: Int?
        var right: Int?
        /// Whether both have the event, and it is told in the same words.
        var isSame = false
    }

    private(set) var rows: [Row] = []

    /// Events of one moment among which one is looked for that is the same.
    private static let reach = 8

    /// - Parameters:
    ///   - shared: the last event that both have in common.
    ///   - limit: rows at most.
    init(_ left: Scene, _ right: Scene, sharing shared: Int, limit: Int) {
        var (first, second) = (left.snapshot.event, right.snapshot.event)
        func time(_ event: Int, _ scene: Scene) -> Int64 { scene.snapshot.records.time(ofEvent: event) }
        func line(_ event: Int, _ scene: Scene) -> EventLine {
            scene.text.line(of: scene.snapshot.records[event: event])
        }
        func isAlike(_ one: EventLine, _ other: EventLine) -> Bool { one.who == other.who && one.verb == other.verb }
        /// Whether what is alike stands further back on a side, among the events of its time.
        func has(_ told: EventLine, at moment: Int64, before event: Int, _ scene: Scene) -> Bool {
            (1..<Self.reach).contains { back in
                event - back > shared && time(event - back, scene) == moment
                    && isAlike(line(event - back, scene), told)
            }
        }
        while rows.count < limit, first > 0 || second > 0 {
            if first <= shared, second <= shared {
                // What both have, at whichever of the two cursors is further on.
                let event = max(first, second)
                rows.append(
                    Row(
                        left: event <= first ? event : nil, right: event <= second ? event : nil,
                        isSame: event <= first && event <= second))
                (first, second) = (min(first, event - 1), min(second, event - 1))
            } else if second <= shared || (first > shared && time(first, left) > time(second, right)) {
                rows.append(Row(left: first, right: nil))
                first -= 1
            } else if first <= shared || time(first, left) < time(second, right) {
                rows.append(Row(left: nil, right: second))
                second -= 1
            } else if isAlike(line(first, left), line(second, right)) {
                let isSame = line(first, left).text == line(second, right).text
                rows.append(Row(left: first, right: second, isSame: isSame))
                (first, second) = (first - 1, second - 1)
            } else if has(line(first, left), at: time(first, left), before: second, right) {
                rows.append(Row(left: nil, right: second))
                second -= 1
            } else {
                rows.append(Row(left: first, right: nil))
                first -= 1
            }
        }
        rows.reverse()
    }
}
