import PeerNetworking

/// A link as the world runs it: its two directions' properties and what is on them.
final class Link {
    /// One direction.
    struct Lane {
        let properties: LinkProperties
        /// The stable hash of the direction's name, which keys its draws.
        let subject: UInt64
        var isCut = false
        /// Draws of latency and loss so far.
        var latencyDraws: UInt64 = 0
        var lossDraws: UInt64 = 0
        /// When the latest segment arrives: a link keeps the order of what it carries.
        var lastArrival: Int64 = 0
    }

    let id: LinkID
    let first: Host
    let second: Host
    @exclusivity(unchecked) var forward: Lane
    @exclusivity(unchecked) var backward: Lane

    init(id: LinkID, first: Host, second: Host, forward: Lane, backward: Lane) {
        self.id = id
        self.first = first
        self.second = second
        self.forward = forward
        self.backward = backward
    }
}
