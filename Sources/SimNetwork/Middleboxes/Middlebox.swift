import OrderedCollections
import PeerNetworking

/// A router that knows the connections that go through it, as one does that translates addresses (RFC 2663, RFC 5382): from the
/// SYN on, until nothing of one has come for a while.
public struct Middlebox {
    /// What becomes of a segment of a connection that is forgotten.
    public enum Forgetting: String, Hashable, Sendable, CaseIterable {
        /// Nothing is said of it.
        case silently
        /// Its sender gets a reset.
        case reset
    }

    /// What it does.
    public struct Rules: Hashable, Sendable {
        /// Nanoseconds after which a connection of which nothing comes is forgotten.
        public var idle: Int64
        /// What becomes of a segment of a forgotten one.
        public var forgets: Forgetting
        /// Connections whose handshake is not over, at most: SYNs beyond them go no further. Nil for any number.
        public var mostHalfOpen: Int32?

        /// Makes rules.
        public init(idle: Int64, forgets: Forgetting = .silently, mostHalfOpen: Int32? = nil) {
            self.idle = idle
            self.forgets = forgets
            self.mostHalfOpen = mostHalfOpen
        }
    }

    /// What becomes of a segment.
    enum Verdict: Hashable {
        /// It goes on.
        case passes
        /// Its connection is not known, and nothing is said of it.
        case vanishes
        /// Its connection is not known, and its sender gets a reset.
        case resets
        /// It asks for one connection more than there is room for.
        case findsNoRoom
    }

    var rules: Rules
    /// Connections up to this number were there before it, and it knows them.
    private var knownBefore: UInt32

    /// When something of a connection came last, by its number. Looked up, never iterated over.
    private var lastSeen: [UInt32: Int64] = [:]
    /// The same of those whose handshake is not over, in the order in which it began.
    private var halfOpen: OrderedDictionary<UInt32, Int64> = [:]

    /// - Parameter known: the number of the latest connection that was there before.
    init(_ rules: Rules, since known: UInt32) {
        self.rules = rules
        knownBefore = known
    }

    /// All is forgotten: it was without power.
    mutating func forgetAll() { self = Middlebox(rules, since: 0) }

    /// What becomes of a segment of a connection.
    ///
    /// - Parameters:
    ///   - isFirst: it asks for the connection.
    ///   - endsHandshake: it acknowledges, and comes from who has asked.
    mutating func take(_ connection: ConnectionID, isFirst: Bool, endsHandshake: Bool, at now: Int64) -> Verdict {
        let number = connection.number
        if isFirst {
            if halfOpen[number] == nil, !hasRoom(at: now) { return .findsNoRoom }
            halfOpen[number] = now
            lastSeen[number] = now
            return .passes
        }
        let last = lastSeen[number] ?? (number <= knownBefore ? now : nil)
        guard let last, now - last <= rules.idle else {
            // One that was there before is not known a second time.
            lastSeen[number] = number <= knownBefore ? Self.forgotten : nil
            halfOpen[number] = nil
            return rules.forgets == .reset ? .resets : .vanishes
        }
        lastSeen[number] = now
        if halfOpen[number] != nil { halfOpen[number] = endsHandshake ? nil : now }
        return .passes
    }

    /// So long ago that it is forgotten whatever the rules are.
    private static let forgotten = Int64.min / 2

    private mutating func hasRoom(at now: Int64) -> Bool {
        guard let most = rules.mostHalfOpen else { return true }
        if halfOpen.count >= most { halfOpen.removeAll { now - $0.value > rules.idle } }
        return halfOpen.count < most
    }

    /// A connection is forgotten now, whatever has come of it.
    mutating func expire(_ connection: ConnectionID) { lastSeen[connection.number] = Self.forgotten }

    /// A connection is over at both ends: nothing of it comes any more.
    mutating func forget(_ connection: ConnectionID) {
        lastSeen[connection.number] = nil
        halfOpen[connection.number] = nil
    }
}
