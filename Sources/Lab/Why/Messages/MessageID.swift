package import PeerNetworking

/// Which message: its number, and whose it is. The sessions of a server number theirs each for itself, and so does every life of a
/// process.
package struct MessageID: Hashable, Sendable {
    /// The peer that sends it.
    package var sender: PeerNumber
    /// The connection of its session, where a server's session sends it.
    package var session: ConnectionID?
    /// Which life of the peer it is, from 1.
    package var life: Int32
    /// Its number among those of its sender, from 1.
    package var number: UInt64
}

/// What became of a message, as the peers tell it: where it was, and when.
package struct MessageLife: Hashable, Sendable {
    /// Something that happened to it.
    struct Station: Hashable {
        var event: Int
        /// In nanoseconds.
        var time: Int64
    }

    /// That it was handed to a connection.
    struct Sending: Hashable {
        var at: Station
        /// Nil where nobody told which.
        var connection: ConnectionID?
        /// The bytes of its frame in the connection's stream.
        var bytes: Range<Int64>
    }

    /// That it came to an application, or was not given to it.
    struct Arrival: Hashable {
        /// What became of it there.
        enum Outcome: Hashable { case delivered, suppressed, discarded(DropReason) }

        var at: Station
        var peer: PeerNumber
        var connection: ConnectionID?
        var outcome: Outcome
    }

    /// Which it is.
    package let id: MessageID
    let bytes: Int32
    let delivery: Delivery
    /// When it was put into its sender's queue, or, of one for which that had no room, when it was given up.
    let queued: Station
    /// It never came into a queue.
    var isTurnedAway = false
    var sendings: [Sending] = []
    var requeued: [Station] = []
    var arrivals: [Arrival] = []
    var confirmed: Station?
    var dropped: (at: Station, reason: DropReason)?

    init(id: MessageID, bytes: Int32, delivery: Delivery, queued: Station) {
        (self.id, self.bytes, self.delivery, self.queued) = (id, bytes, delivery, queued)
    }

    /// When it first came to the application.
    var firstDelivery: Arrival? { arrivals.first { $0.outcome == .delivered } }

    package static func == (left: MessageLife, right: MessageLife) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
