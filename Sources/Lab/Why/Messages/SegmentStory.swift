package import PeerNetworking
package import SimNetwork
import TCP

/// A segment as a text: what its header says, its way, the other segments with the same bytes, and the messages that it
/// carries.
package struct SegmentStory {
    /// It, and its copies, each with its way.
    private let transmissions: [WireBook.Transmission]
    /// Those of other segments that have some of its bytes.
    private let others: [WireBook.Transmission]
    /// The messages whose frames it holds, all or part of them.
    private let lives: [MessageLife]
    private let names: Names

    /// Reads a segment's way off the records up to the cursor.
    ///
    /// - Throws: ``SessionError`` where there was no such segment by then.
    package init(_ name: SegmentName, in snapshot: Snapshot) throws(SessionError) {
        names = Names(snapshot)
        let wire = WireBook(snapshot.records, from: 1, upTo: snapshot.event) { $0 == name.connection }
        let all = wire.flow(name.connection, from: name.side)?.transmissions ?? []
        transmissions = all.filter { $0.segment.ordinal == name.ordinal }
        guard let first = transmissions.first else {
            throw SessionError("no segment \(name.text) was sent by then" + (all.last.map(Self.latest) ?? ""))
        }
        guard first.segment.length > 0 else {
            (others, lives) = ([], [])
            return
        }
        others = all.filter { $0.segment.ordinal != name.ordinal && $0.bytes.overlaps(first.bytes) }
        let book = MessageBook(snapshot.records, upTo: snapshot.event)
        lives = book.lives.filter { life in
            book.side(of: life.id, on: name.connection) == name.side
                && life.sendings.contains { $0.connection == name.connection && $0.bytes.overlaps(first.bytes) }
        }
    }

    private static func latest(_ last: WireBook.Transmission) -> String {
        "; the latest is \(ThingNames.segment(last.segment))"
    }

    // MARK: In words

    /// What stands over it: `Segment c1>3`.
    package var title: String { "Segment \(ThingNames.segment(transmissions[0].segment))" }

    /// The page.
    package var lines: [TextLine] {
        let segment = transmissions[0].segment
        var lines: [TextLine] = [
            .field("from", segment.from.description), .field("holds", EventText.kind(of: segment)),
            .field("flags", segment.flags.description), .field("sequence", "\(segment.sequence)"),
        ]
        if segment.flags.contains(.ack) { lines.append(.field("acknowledges", "\(segment.acknowledgement)")) }
        lines.append(.field("window", "\(segment.window) B"))
        if segment.length > 0 {
            let bytes = transmissions[0].bytes
            lines.append(
                .field("bytes", "\(segment.length), \(bytes.lowerBound)–\(bytes.upperBound - 1) of the stream"))
        }
        lines += [TextLine(), .heading("Its way")] + transmissions.flatMap(way)
        guard segment.length > 0 else { return lines }
        if !others.isEmpty {
            lines += [TextLine(), .heading("The same bytes in other segments")] + others.flatMap(way)
        }
        lines += [TextLine(), .heading("Messages in it")]
        if lives.isEmpty { lines.append(TextLine([("none: what a peer says to a peer, or no peer's bytes", .dim)])) }
        return lines + lives.map(line)
    }

    private func way(of sent: WireBook.Transmission) -> [TextLine] {
        func line(_ at: MessageLife.Station, _ words: String, _ role: TextRole) -> TextLine {
            let place = "\(ThingNames.event(at.event))  \(TimeText.clock(at.time))  "
            return TextLine([(place, .time), (words, role)], event: at.event)
        }
        let name = ThingNames.segment(sent.segment)
        let isRepeated = sent.segment.purpose.isRepetition
        let start = line(sent.at, "\(name) \(isRepeated ? "is sent again" : "is sent")", isRepeated ? .warning : .plain)
        guard let end = sent.end else {
            let due = sent.isHeld ? "held back by a clog" : "on its way, due \(TimeText.clock(sent.due))"
            return [start, TextLine([(due, .dim)], depth: 1)]
        }
        let words = sent.loss.map { "\(name) is lost: \($0)" } ?? "\(name) arrives"
        return [start, line(end, words, sent.loss == nil ? .good : .loss)]
    }

    private func line(of life: MessageLife) -> TextLine {
        let query = MessageQuery(life.id, names)
        let segment = transmissions[0]
        let isWhole = life.sendings.contains {
            segment.bytes.lowerBound <= $0.bytes.lowerBound && segment.bytes.upperBound >= $0.bytes.upperBound
        }
        let session = life.id.session.map { " by \($0)" } ?? ""
        var line = TextLine([
            ("\(ThingNames.message(life.id.number)) of \(names.name(life.id.sender))\(session)", .plain),
            (isWhole ? "" : ", a part of it", .dim),
        ])
        line.lead = .command("message \(query.text)")
        return line
    }
}

/// A segment by its name: `c1>3`, the third that the client of c1 has sent.
package struct SegmentName: Hashable, Sendable {
    /// Its connection.
    package let connection: ConnectionID
    /// Which end has sent it.
    package let side: Side
    /// Its place among those that this end has sent, from 1.
    package let ordinal: Int64

    /// Reads a name; nil for a word that is none.
    package init?(_ word: String) {
        guard let operands = ThingNames.operands(ofSegment: word), let connection = ConnectionID(named: operands[0]),
            let ordinal = Int64(operands[2])
        else { return nil }
        (self.connection, side, self.ordinal) = (connection, operands[1] == "client" ? .client : .server, ordinal)
    }

    /// As it is written.
    package var text: String { "\(connection)\(side == .client ? ">" : "<")\(ordinal)" }
}
