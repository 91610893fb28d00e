import PeerNetworking
import SimNetwork

/// The names that a lab declares, and what they stand for.
struct LabNames {
    /// Two hosts, whichever comes first.
    struct Pair: Hashable {
        let low: HostID
        let high: HostID

        init(_ first: HostID, _ second: HostID) {
            low = min(first, second)
            high = max(first, second)
        }
    }

    /// Comparisons of hosts with patterns, at most: each different pattern is held against every host once.
    static let mostComparisons = 10_000_000

    /// Bytes of a name, at most.
    static let longest = 64
    /// Bytes of two names with a sign between them, at most.
    static let longestPair = 2 * longest + 1

    /// The hosts that a pattern stands for.
    var matches: [String: [HostID]] = [:]
    /// The run's duration in nanoseconds; nil where the file's is wrong.
    var duration: Int64?
    /// Hosts in the file's order, for suggestions.
    var hostNames: [String] = []
    var hosts: [String: HostID] = [:]
    /// False where the list of hosts cannot be read: then no host is reported as missing.
    var hostsAreKnown = true
    var links: [Pair: LinkID] = [:]
    /// False where a link could not be read: then no link is reported as missing.
    var linksAreKnown = true
    /// Peers in the file's order, for suggestions; their positions are their processes.
    var peerNames: [String] = []
    var peers: [String: ProcessID] = [:]
    /// False where a peer's name could not be read.
    var peersAreKnown = true
    /// Peers in whose entries something is wrong: what they can come to is not known.
    var unreadPeers: Set<ProcessID> = []
    /// False where something is wrong with what heals: then nobody can say that nothing does.
    var healingIsKnown = true
    /// When all faults are healed for good, in nanoseconds; nil for never.
    var healsAt: Int64?

    /// The longest that a peer may need to be connected again, in nanoseconds.
    var slowestRecovery: Int64 = 0

    init() {}

    /// The names of a lab that was read before.
    init(_ lab: LabDefinition) {
        duration = lab.duration
        hostNames = lab.topology.hosts.map(\.name)
        for (index, name) in hostNames.enumerated() { hosts[name] = HostID(index) }
        for (index, link) in lab.topology.links.enumerated() {
            let pair = Pair(link.first, link.second)
            if links[pair] == nil { links[pair] = LinkID(index) }
        }
        peerNames = lab.peers.map(\.name)
        for (index, name) in peerNames.enumerated() { peers[name] = ProcessID(index) }
    }

    /// The link of a name such as `client-server`, its hosts in either order.
    enum LinkReference: Equatable {
        case link(LinkID)
        case ambiguous
        case unknown
    }

    /// Hosts' names may have dashes themselves, so that every dash is tried.
    func link(named text: String) -> LinkReference {
        var found: LinkID?
        guard text.utf8.count <= Self.longestPair else { return .unknown }
        for dash in text.indices where text[dash] == "-" {
            guard let first = hosts[String(text[..<dash])],
                let second = hosts[String(text[text.index(after: dash)...])],
                let link = links[Pair(first, second)]
            else { continue }
            if let found, found != link { return .ambiguous }
            found = link
        }
        return found.map { .link($0) } ?? .unknown
    }

    /// The thing of a kind that has a name.
    func target(named text: String, _ kind: TargetKind) -> OperandValue? {
        switch kind {
        case .peer: return peers[text].map { .peer($0) }
        case .host: return hosts[text].map { .host($0) }
        case .link:
            if case .link(let link) = link(named: text) { return .link(link) }
            return nil
        case .connection: return ConnectionID(named: text).map { .connection($0) }
        }
    }

    /// Whether all things of a kind could be read.
    func areKnown(_ kind: TargetKind) -> Bool {
        switch kind {
        case .peer: peersAreKnown
        case .host: hostsAreKnown
        case .link: linksAreKnown && hostsAreKnown
        case .connection: true
        }
    }

    /// Why a name does not fit where a lab declares one; nil for one that does.
    static func flaw(of name: String) -> String? {
        let bytes = name.utf8
        guard (1...longest).contains(bytes.count) else { return "must have 1…\(longest) characters" }
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isPlain else { return "may have letters, digits, '-', '_' and '.' alone" }
        switch bytes.first {
        case 0x2D, 0x2E, 0x5F: return "must begin with a letter or a digit"
        default: return nil
        }
    }
}

/// A host's name in which `*` stands for any characters.
struct HostPattern {
    private let pattern: [UInt8]

    /// Nil for a text without `*`.
    init?(_ text: String) {
        guard text.utf8.contains(Self.star) else { return nil }
        pattern = Array(text.utf8)
    }

    private static let star = UInt8(ascii: "*")

    /// Whether a name fits. Where it does not, the latest star takes one character more.
    func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var inPattern = 0
        var inName = 0
        var retry: (inPattern: Int, inName: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == Self.star {
                inPattern += 1
                retry = (inPattern, inName)
            } else if inPattern < pattern.count, pattern[inPattern] == name[inName] {
                inPattern += 1
                inName += 1
            } else if let (afterStar, start) = retry {
                retry = (afterStar, start + 1)
                inPattern = afterStar
                inName = start + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == Self.star }
    }
}
