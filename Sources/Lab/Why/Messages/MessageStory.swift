package import PeerNetworking
import SimNetwork

/// A message's life as a text: where it was, which segments carried it and what became of each, and what made it late.
package struct MessageStory {
    /// The message.
    package let life: MessageLife
    /// What made it late; nil for one that has come to no application.
    package let lateness: Lateness?
    /// The segments that carried it, each with its sending.
    let carriers: [WireBook.Transmission]
    let names: Names
    /// The end that it was handed to last is no more.
    let isConnectionGone: Bool

    /// Reads a message's life off the records up to the cursor.
    ///
    /// - Throws: ``SessionError`` where there is no such message, or more than one.
    package init(_ query: MessageQuery, in snapshot: Snapshot) throws(SessionError) {
        let names = Names(snapshot)
        let book = MessageBook(snapshot.records, upTo: snapshot.event) { id in
            id.number == query.number && (query.session == nil || query.session == id.session)
                && (query.peer == nil || query.peer == names.name(id.sender))
        }
        // Of a peer that was started anew the latest life is meant.
        var latest: [MessageLife] = []
        for life in book.lives {
            latest.removeAll { $0.id.sender == life.id.sender && $0.id.session == life.id.session }
            latest.append(life)
        }
        guard let life = latest.first else {
            throw SessionError("no message \(query.text) was queued by then")
        }
        guard latest.count == 1 else {
            let all = latest.prefix(6).map { "message \(MessageQuery($0.id, names).text)" }
            throw SessionError("there is more than one \(query.text); write \(listing(all, "or"))")
        }
        let connections = Set(life.sendings.compactMap(\.connection))
        let wire = WireBook(
            snapshot.records, from: life.queued.event, upTo: snapshot.event, where: connections.contains)
        self.init(life, book, wire, snapshot)
    }

    init(_ life: MessageLife, _ book: MessageBook, _ wire: WireBook, _ snapshot: Snapshot) {
        (self.life, names) = (life, Names(snapshot))
        lateness = Lateness(of: life, book, wire, snapshot.records)
        isConnectionGone =
            life.sendings.last?.connection.map { connection in
                snapshot.world.connection(connection)?.end(book.side(of: life.id, on: connection)).state == nil
            } ?? false
        carriers = life.sendings.flatMap { sending in
            guard let connection = sending.connection,
                let flow = wire.flow(connection, from: book.side(of: life.id, on: connection))
            else { return [WireBook.Transmission]() }
            return flow.transmissions.filter { $0.at.event >= sending.at.event && $0.holdsSome(of: sending) }
        }
    }
}

/// Which message is asked for: `m41`, of which peer, and of which session of it, as far as that is said.
package struct MessageQuery: Hashable, Sendable {
    /// Its number.
    package var number: UInt64
    /// The name of its sender; nil where that is not said.
    package var peer: String?
    /// The session's connection; nil where that is not said.
    package var session: ConnectionID?

    /// Reads `m41`, `m41 echo`, `m41 echo c1`.
    package init?(_ words: [String]) {
        guard let first = words.first, first.first == "m", let number = UInt64(first.dropFirst()), words.count <= 3
        else { return nil }
        self.number = number
        if words.count > 1 { peer = words[1] }
        if words.count > 2 {
            guard let session = ConnectionID(named: words[2]) else { return nil }
            self.session = session
        }
    }

    /// Which message it is, by name.
    package init(_ id: MessageID, _ names: Names) {
        (number, peer, session) = (id.number, names.name(id.sender), id.session)
    }

    /// The message that something tells of a peer's; nil where that is about none of its own.
    package init?(_ event: PeerEvent, of peer: String, in session: PeerSession?) {
        switch event {
        case .queued(let message, _, _, _), .sent(let message, _, _), .requeued(let message, _),
            .dropped(let message, _, _), .acknowledged(let message, _):
            (number, self.peer, self.session) = (message, peer, session?.connection)
        case .state, .attached, .backoff, .delivered, .discarded, .suppressed, .blocked, .pressure, .roundTrip,
            .heartbeatMissed, .circuit, .refused, .degraded, .asked, .answered, .job, .progress, .finished:
            return nil
        }
    }

    /// As it is written.
    package var text: String {
        ([ThingNames.message(number)] + [peer].compactMap(\.self) + [session?.description].compactMap(\.self))
            .joined(separator: " ")
    }
}
