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
    /// The initial numbers of its side and of the other, where their SYNs are within reach.
    private let initials: (own: UInt32?, other: UInt32?)

    /// Reads a segment's way off the records up to the cursor.
    ///
    /// - Throws: ``SessionError`` where there was no such segment by then.
    package init(_ name: SegmentName, in snapshot: Snapshot) throws(SessionError) {
        names = Names(snapshot)
        let wire = WireBook(snapshot.records, from: 1, upTo: snapshot.event) { $0 == name.connection }
        let all = wire.flow(name.connection, from: name.side)?.transmissions ?? []
        transmissions = all.filter { $0.segment.ordinal == name.ordinal }
        let until = transmissions.first?.at.event ?? 0
        let answers = wire.flow(name.connection, from: name.side.other)?.transmissions ?? []
        initials = (Self.initial(in: all, upTo: until), Self.initial(in: answers, upTo: until))
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

    /// The initial number of a side: that of its latest SYN by then.
    private static func initial(in sent: [WireBook.Transmission], upTo event: Int) -> UInt32? {
        sent.last { $0.segment.flags.contains(.syn) && $0.at.event <= event }?.segment.initial
    }

    /// A sequence number, counted from the initial one, and what stands in the header.
    private static func number(_ offset: Int64, from initial: UInt32?) -> String {
        guard let initial else { return "\(offset)" }
        return "\(offset), in the header \(initial &+ UInt32(truncatingIfNeeded: offset))"
    }

    // MARK: In words

    /// What stands over it: `Segment c1>3`.
    package var title: String { "Segment \(ThingNames.segment(transmissions[0].segment))" }

    /// The page.
    package var lines: [TextLine] {
        let segment = transmissions[0].segment
        var lines: [TextLine] = [
            .field("from", segment.from.description), .field("holds", EventText.kind(of: segment)),
            .field("flags", segment.flags.description),
            .field("sequence", Self.number(segment.sequence, from: initials.own)),
        ]
        if segment.flags.contains(.ack) {
            lines.append(.field("acknowledges", Self.number(segment.acknowledgement, from: initials.other)))
        }
        for block in segment.blocks {
            lines.append(.field("has beyond a gap", "\(block.lowerBound)–\(block.upperBound - 1)"))
        }
        lines.append(.field("window", "\(segment.window) B"))
        if segment.codepoint != .notCapable { lines.append(.field("congestion", "\(segment.codepoint)")) }
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
        let manner = EventText.manner(of: sent.segment, isByTimer: sent.isByTimer)
        let start = line(
            sent.at, "\(name) " + (manner.map { "is sent again, \($0)" } ?? "is sent"),
            manner == nil ? .plain : .warning)
        guard let end = sent.end else {
            let due = sent.isHeld ? "held back by a clog" : "on its way, due \(TimeText.clock(sent.due))"
            return [start, TextLine([(due, .dim)], depth: 1)]
        }
        let words = sent.loss.map { "\(name) is lost: \($0)" } ?? "\(name) arrives"
        return [start] + parts(of: sent, to: end) + [line(end, words, sent.loss == nil ? .good : .loss)]
    }

    /// How long it was where, between its being sent and its end.
    private func parts(of sent: WireBook.Transmission, to end: MessageLife.Station) -> [TextLine] {
        sent.legs.indices.compactMap { index in
            let next = index + 1 < sent.legs.count ? sent.legs[index + 1].time : end.time
            let time = min(next, end.time) - sent.legs[index].time
            guard time > 0 else { return nil }
            let kind = sent.legs[index].part
            return TextLine([("\(TimeText.duration(time)) ", .time), (kind.words, kind.role)], depth: 1)
        }
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
