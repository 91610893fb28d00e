import Lab
import SimNetwork

/// The events that contain a text, found backwards from the cursor in slices, and kept while the cursor moves.
package struct EventFilter: Hashable, Sendable {
    /// What is looked for, in any case.
    package let text: String
    /// The numbers of the events found at or before the cursor, ascending.
    package private(set) var matches: [Int] = []
    /// The earliest event looked at; 1 when all are.
    package private(set) var low = 1
    /// The latest event looked at.
    private var high = 0
    private var timeline: TimelineID?
    private let needle: [UInt8]
    /// How many are looked for; grows when one goes further back.
    private var wanted = 200
    /// How many rows a selection is still to go back, over what has not been found yet.
    private(set) var owed = 0

    /// Events looked at in a slice: keeps a slice to a few milliseconds.
    private static let slice = 400

    /// Makes a filter; it has found nothing yet.
    package init(_ text: String) {
        self.text = text
        needle = Self.folded(text)
    }

    /// Whether it looks no further for now.
    package var isSettled: Bool { low <= 1 || matches.count >= wanted }

    /// Asks for events further back, of a selection that is to go so many rows over the first that was found.
    mutating func wantMore(_ rows: Int) {
        guard low > 1 else { return }
        owed = rows
        wanted = matches.count + max(200, rows)
    }

    /// Stops going back.
    mutating func stay() { owed = 0 }

    /// Where a selection of the first that had been found goes, once more are found.
    ///
    /// - Parameter count: how many had been found.
    mutating func pay(from count: Int) -> Int? {
        let found = matches.count - count
        guard owed > 0, found > 0 else { return nil }
        let steps = min(owed, found)
        owed = low > 1 ? owed - steps : 0
        return matches[found - steps]
    }

    /// Looks at one slice more of the events up to the cursor.
    mutating func search(_ snapshot: Snapshot) {
        let cursor = snapshot.event
        if timeline != snapshot.timelines.current || cursor < low || cursor - high > Self.slice { restart(at: cursor) }
        if cursor != high { stay() }
        timeline = snapshot.timelines.current
        let text = EventText(snapshot)
        if cursor < high {
            matches.removeAll { $0 > cursor }
            high = cursor
        }
        while high < cursor {
            high += 1
            if contains(text, snapshot, high) { matches.append(high) }
        }
        guard !isSettled else { return }
        var found: [Int] = []
        let end = max(1, low - Self.slice)
        while low > end {
            low -= 1
            if contains(text, snapshot, low) { found.append(low) }
        }
        matches.insert(contentsOf: found.reversed(), at: 0)
    }

    private mutating func restart(at cursor: Int) {
        matches = []
        (low, high) = (cursor + 1, cursor)
    }

    /// Whether an event is called so, or one of its changes contains the text.
    private func contains(_ text: EventText, _ snapshot: Snapshot, _ event: Int) -> Bool {
        line(of: snapshot.records[event: event], text) != nil || contains(ThingNames.event(event))
    }

    /// The line that tells an event by what is looked for in it; nil where no change of it contains the text.
    func line(of record: EventRecord, _ text: EventText) -> EventLine? {
        text.line(of: record) { contains($0.text) }
    }

    private func contains(_ text: String) -> Bool { Self.contains(needle, in: Self.folded(text)) }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }

    private static func contains(_ needle: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = needle.first else { return true }
        guard text.count >= needle.count else { return false }
        for start in 0...(text.count - needle.count) where text[start] == first {
            if text[start..<(start + needle.count)].elementsEqual(needle) { return true }
        }
        return false
    }
}
