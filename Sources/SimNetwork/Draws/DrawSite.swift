public import PeerNetworking

/// Where a draw was made: in the simulator, or at a buggify site.
public enum DrawSite: Hashable, Sendable, CustomStringConvertible {
    /// A place in the simulator.
    case fault(FaultSite)
    /// A place in the peers or the simulator that buggify misbehaves at.
    case buggify(BuggifySite)
    /// An episode of chaos: it strikes, unless it is vetoed.
    case chaos(FaultFamily)

    /// The site of a name, if there is one.
    public init?(_ name: String) {
        if let site = FaultSite(rawValue: name) {
            self = .fault(site)
        } else if let site = BuggifySite(rawValue: name) {
            self = .buggify(site)
        } else if name.hasPrefix(Self.chaosPrefix),
            let family = FaultFamily(rawValue: String(name.dropFirst(Self.chaosPrefix.count)))
        {
            self = .chaos(family)
        } else {
            return nil
        }
    }

    private static let chaosPrefix = "chaos."

    /// All sites: the simulator's, buggify's, and those of chaos.
    static let all: [DrawSite] =
        FaultSite.allCases.map(DrawSite.fault) + BuggifySite.allCases.map(DrawSite.buggify)
        + FaultFamily.allCases.map(DrawSite.chaos)

    /// The site's name.
    public var description: String {
        switch self {
        case .fault(let site): site.rawValue
        case .buggify(let site): site.rawValue
        case .chaos(let family): Self.chaosPrefix + family.rawValue
        }
    }

    /// The stable hash of its name, which keys its draws.
    @inline(__always)
    var hash: UInt64 { Self.hashes[Int(place)] }

    private static let hashes = all.map { Draw.stableHash($0.description) }

    /// Its place among all sites.
    @inline(__always)
    var place: UInt64 {
        switch self {
        case .fault(let site): UInt64(site.position)
        case .buggify(let site): UInt64(Self.faults + site.position)
        case .chaos(let family): UInt64(Self.faults + Self.buggifySites + family.position)
        }
    }

    /// How many sites there are in the simulator, and of buggify: written out, for the places are asked for with each draw.
    static let faults = 16
    static let buggifySites = 16

    /// The site of a place; nil where none has it.
    init?(place: UInt64) {
        guard place < Self.all.count else { return nil }
        self = Self.all[Int(place)]
    }
}

extension BuggifySite {
    /// The stable hash of its name, which keys its draws.
    var hash: UInt64 { BuggifySite.hashes[position] }

    private static let hashes = allCases.map { Draw.stableHash($0.rawValue) }

    var position: Int {
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
        case .simQueueEarly: 13
        case .simNoticeDrop: 14
        case .simNATForget: 15
        }
    }
}

extension FaultFamily {
    /// Its place among all families: as the compiler stores a case without values.
    package var position: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    /// The stable hash of its name, which keys what is drawn of its episodes.
    var hash: UInt64 { FaultFamily.hashes[position] }

    private static let hashes = allCases.map { Draw.stableHash($0.rawValue) }
}
