public import PeerNetworking

/// Where a draw was made: in the simulator, or at a buggify site.
public enum DrawSite: Hashable, Sendable, CustomStringConvertible {
    /// A place in the simulator.
    case fault(FaultSite)
    /// A place in the peers or the simulator that buggify misbehaves at.
    case buggify(BuggifySite)

    /// The site of a name, if there is one.
    public init?(_ name: String) {
        if let site = FaultSite(rawValue: name) {
            self = .fault(site)
        } else if let site = BuggifySite(rawValue: name) {
            self = .buggify(site)
        } else {
            return nil
        }
    }

    /// The names of all sites, the simulator's first.
    public static var names: [String] { FaultSite.allCases.map(\.rawValue) + BuggifySite.allCases.map(\.rawValue) }

    /// The site's name.
    public var description: String {
        switch self {
        case .fault(let site): site.rawValue
        case .buggify(let site): site.rawValue
        }
    }

    /// The stable hash of its name, which keys its draws.
    var hash: UInt64 {
        switch self {
        case .fault(let site): site.hash
        case .buggify(let site): site.hash
        }
    }
}

extension BuggifySite {
    /// The stable hash of its name, which keys its draws.
    var hash: UInt64 { BuggifySite.hashes[position] }

    private static let hashes = allCases.map { Draw.stableHash($0.rawValue) }

    private var position: Int {
        switch self {
        case .peerWriteShort: 0
        case .peerReadShort: 1
        case .peerConnectDelay: 2
        case .peerHeartbeatSkip: 3
        case .peerReconnectEarly: 4
        case .peerAcceptDelay: 5
        case .peerHandshakeDrop: 6
        case .peerFlushLate: 7
        case .peerCloseAbrupt: 8
        case .peerQueueFull: 9
        case .peerBufferGrow: 10
        case .peerTimerLate: 11
        case .simSegmentDelay: 12
        }
    }
}

/// What a draw was made for.
public enum DrawSubject: Hashable, Sendable {
    /// A direction of a link.
    case lane(LinkID, LinkDirection)
    /// A connection.
    case connection(ConnectionID)
    /// An end of a connection.
    case end(ConnectionID, Side)
    /// A host's look-up of another's name.
    case lookup(HostID, of: HostID)
    /// A process.
    case process(ProcessID)
    /// A name that a peer gave, by its place in ``Simulation/subjectNames``.
    case named(Int32)
}

/// A draw that decided whether a fault strikes: an entry of the ledger, a near miss too.
public struct DrawRecord: Hashable, Sendable {
    /// Where.
    public var site: DrawSite
    /// For what.
    public var subject: DrawSubject
    /// Its place among the draws of the site for the subject, from 1.
    public var number: UInt64
    /// The upper 32 of its 64 bits; the fault strikes below the threshold.
    public var value: UInt32
    /// The threshold, in units of 2⁻³².
    public var threshold: Probability
    /// Whether it struck.
    public var fires: Bool
    /// Whether an override decided and not the value.
    public var isForced: Bool
}
