package import Lab
package import PeerNetworking

/// A text over the panes whose lines may lead to events, where Enter goes, or stand for commands, which it does.
package struct Page: Hashable, Sendable {
    /// What it is about.
    package enum Subject: Hashable, Sendable {
        /// An event of the past, or one that is to happen.
        case item(Item)
        /// A message.
        case message(MessageQuery)
        /// A segment.
        case segment(SegmentName)
        /// A job of a queue.
        case job(JobQuery)
        /// What the ends of a connection believe.
        case belief(ConnectionID)
        /// Draws, or one of them.
        case draws
        /// What a program has written, when its file had so many bytes.
        case output(String, size: Int64)
        /// Which faults were met in which states.
        case coverage
        /// The breakpoints.
        case breakpoints
    }

    /// What it is about.
    package let subject: Subject
    /// What stands over it.
    package let title: String
    /// Its lines.
    package let lines: [TextLine]
    /// The line that is chosen.
    package var selected = 0

    /// Chooses another line, as far as there are any.
    mutating func move(by count: Int) {
        selected = min(max(0, selected + count), max(0, lines.count - 1))
        // A blank line and a heading are stepped over: what is behind them is what is wanted.
        guard abs(count) == 1, lines.indices.contains(selected), lines[selected].lead == nil else { return }
        let further = [selected + count, selected + 2 * count].filter { lines.indices.contains($0) }
        if let next = further.first(where: { lines[$0].lead != nil }) { selected = next }
    }

    /// All of it, as a log has it, line by line.
    package var text: [String] { [title] + lines.map(\.text) }
}
