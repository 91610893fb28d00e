import PeerNetworking
package import SimNetwork

/// The names of things that have only numbers, each kind in a form of its own: the same on the screen, in text and in
/// scripts, so that none is mistaken for another.
///
/// An event is `#1284`, a connection `c1`, the third segment of its client `c1>3` and of its server `c1<3`, a message `m41`.
package enum ThingNames {
    /// An event, by its number in the run.
    package static func event(_ number: Int) -> String { "#\(number)" }

    /// A message, by its number among those of its sender.
    package static func message(_ number: UInt64) -> String { "m\(number)" }

    /// A job, by its number among those of its queue.
    package static func job(_ number: UInt64) -> String { "job \(number)" }

    /// A segment, by its connection, its direction, and its place among those that this side has sent.
    package static func segment(_ segment: SegmentSummary) -> String {
        "\(segment.connection)\(segment.from == .client ? ">" : "<")\(segment.ordinal)"
    }

    /// A segment of which only its number in the run is known: the record that sent it is out of reach.
    package static func segment(number: Int64) -> String { "s\(number)" }

    /// A command line with the names of segments in place of their operands: `drop c1>3` for `drop c1 client 3`.
    package static func shortened(_ line: String) -> String {
        var words: [Substring] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            words.append(word)
            let last = words.suffix(3)
            guard last.count == 3, last[last.startIndex + 1] == "client" || last[last.startIndex + 1] == "server"
            else { continue }
            let mark = last[last.startIndex + 1] == "client" ? ">" : "<"
            let name = "\(last[last.startIndex])\(mark)\(word)"
            guard operands(ofSegment: name) != nil else { continue }
            words.replaceSubrange((words.count - 3)..., with: [Substring(name)])
        }
        return words.joined(separator: " ")
    }

    /// The operands that a segment's name stands for, `c1 client 3` for `c1>3`; nil for a word that names no segment.
    package static func operands(ofSegment word: String) -> [String]? {
        guard let mark = word.firstIndex(where: { $0 == ">" || $0 == "<" }) else { return nil }
        let (connection, ordinal) = (word[..<mark], word[word.index(after: mark)...])
        guard connection.first == "c", Int64(connection.dropFirst()) != nil, Int64(ordinal) != nil else { return nil }
        return [String(connection), word[mark] == ">" ? "client" : "server", String(ordinal)]
    }
}
