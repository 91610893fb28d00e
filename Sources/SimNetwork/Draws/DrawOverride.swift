/// Makes a site fire, or keeps it from firing: for all draws, for those of a subject, or for one draw alone.
///
/// Draws are counted on all the same, so that an override moves no other draw.
public struct DrawOverride: Hashable, Sendable {
    /// The site's name.
    public var site: String
    /// The stable name of what the draw is for; nil for all.
    public var subject: String?
    /// The draw's number for its subject, from 1; nil for all.
    public var number: UInt64?
    /// Whether it fires (force) or not (veto).
    public var fires: Bool

    /// Makes an override.
    public init(site: String, subject: String? = nil, number: UInt64? = nil, fires: Bool) {
        self.site = site
        self.subject = subject
        self.number = number
        self.fires = fires
    }
}

/// The overrides in force, by what they name; the narrowest decides.
struct DrawOverrides {
    private struct Key: Hashable {
        var site: UInt64
        /// 0 for all subjects.
        var subject: UInt64
        /// 0 for all draws.
        var number: UInt64

        init(site: UInt64, subject: UInt64, number: UInt64) {
            self.site = site
            self.subject = subject
            self.number = number
        }

        init(_ override: DrawOverride) {
            site = Draw.stableHash(override.site)
            subject = override.subject.map { Draw.key(ofSubject: $0) } ?? 0
            number = override.number ?? 0
        }

        var scope: UInt64 { Draw.scope(site: site, subject: subject) }
    }

    /// Looked up, never iterated over.
    private var decisions: [Key: Bool] = [:]
    /// How many overrides each site has for a subject, or for all; looked up, never iterated over.
    private var scopes: [UInt64: Int] = [:]

    var isEmpty: Bool { decisions.isEmpty }

    /// How many are of reads and writes.
    private var ofIO = 0
    /// Whether some are of reads and writes.
    @inline(__always)
    var concernIO: Bool { ofIO > 0 }

    /// Whether one is for a draw of a site for a subject, or for the group that the subject belongs to.
    func mention(site: UInt64, _ key: DrawKey) -> Bool {
        scopes[Draw.scope(site: site, subject: key.subject)] != nil
            || scopes[Draw.scope(site: site, subject: key.group)] != nil
            || scopes[Draw.scope(site: site, subject: 0)] != nil
    }

    mutating func add(_ override: DrawOverride) {
        let key = Key(override)
        guard decisions.updateValue(override.fires, forKey: key) == nil else { return }
        scopes[key.scope, default: 0] += 1
        if override.isOfIO { ofIO += 1 }
    }

    mutating func remove(_ override: DrawOverride) {
        let key = Key(override)
        guard decisions.removeValue(forKey: key) != nil, let count = scopes[key.scope] else { return }
        scopes[key.scope] = count > 1 ? count - 1 : nil
        if override.isOfIO { ofIO -= 1 }
    }

    /// What is decided for a draw: for itself, else for a draw of that number of its group or of any subject, else for its
    /// subject, its group, or its site.
    func decision(site: UInt64, _ key: DrawKey, number: UInt64) -> Bool? {
        guard mention(site: site, key) else { return nil }
        for number in [number, 0] {
            for subject in [key.subject, key.group, 0] {
                if let decision = decisions[Key(site: site, subject: subject, number: number)] { return decision }
            }
        }
        return nil
    }
}

/// What a draw is keyed by.
struct DrawKey {
    /// The stable hash of what it is for.
    var subject: UInt64
    /// That of what this belongs to, by which overrides name it too: of a segment its link or its connection.
    var group: UInt64

    init(_ subject: UInt64, of group: UInt64? = nil) {
        self.subject = subject
        self.group = group ?? subject
    }
}

extension Draw {
    /// The key of a subject by its stable name: `from→to,connection,side,data` (or `control`; and behind it what ``SegmentDraw``
    /// says of its transmission) for a segment.
    static func key(ofSubject name: String) -> UInt64 {
        let parts = name.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count >= 4, let transmission = SegmentDraw.transmission(parts[4...]) else {
            return stableHash(name)
        }
        return segmentKey(
            lane: stableHash(String(parts[0])), connection: stableHash(String(parts[1])),
            parts[2] == Side.client.description ? .client : .server, isData: parts[3] == "data",
            transmission: transmission)
    }
}

extension DrawOverride {
    fileprivate var isOfIO: Bool {
        switch FaultSite(rawValue: site) {
        case .readShort, .writeShort, .ioClose: true
        case .linkLoss, .linkBurst, .linkDuplicate, .linkReorder, .linkCorrupt, .linkCorruptUncaught, .connectRefuse,
            .connectHang, .nameError, .timerSlow, .momentDrop, .noticeDrop, .queueEarly, nil:
            false
        }
    }
}
