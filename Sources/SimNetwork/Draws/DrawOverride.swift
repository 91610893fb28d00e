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
            subject = override.subject.map { Draw.stableHash($0) } ?? 0
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

    /// Whether one is for a draw of a site for a subject.
    func mention(site: UInt64, subject: UInt64) -> Bool {
        scopes[Draw.scope(site: site, subject: subject)] != nil || scopes[Draw.scope(site: site, subject: 0)] != nil
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

    /// What is decided for a draw: for itself, else for a draw of that number of any subject, else for its subject, else
    /// for its site.
    func decision(site: UInt64, subject: UInt64, number: UInt64) -> Bool? {
        guard mention(site: site, subject: subject) else { return nil }
        return decisions[Key(site: site, subject: subject, number: number)]
            ?? decisions[Key(site: site, subject: 0, number: number)]
            ?? decisions[Key(site: site, subject: subject, number: 0)]
            ?? decisions[Key(site: site, subject: 0, number: 0)]
    }
}

extension DrawOverride {
    fileprivate var isOfIO: Bool {
        switch FaultSite(rawValue: site) {
        case .readShort, .writeShort, .ioClose: true
        default: false
        }
    }
}
