import PeerNetworking

// The names of what draws are made for: stable from run to run, and the keys of the draws.
extension World {
    /// The override with the stable name of its subject, where a shorter one was given: `c3`, `c3/client`, or a process's
    /// name alone.
    ///
    /// - Throws: ``ActionError`` where a draw of the site is never made, or never for such a subject.
    func resolve(_ override: DrawOverride) throws(ActionError) -> DrawOverride {
        guard let site = DrawSite(override.site) else { throw ActionError("there is no site '\(override.site)'") }
        if site == .fault(.linkBurst), !hasBursts {
            throw ActionError("link.burst is drawn where a link's loss is burst(…), and none is")
        }
        guard let subject = override.subject else { return override }
        var override = override
        override.subject = try resolve(subject, of: site)
        return override
    }

    private var hasBursts: Bool {
        links.contains { link in
            LinkDirection.allCases.contains {
                if case .burst = link[$0].properties.loss { true } else { false }
            }
        }
    }

    private func resolve(_ subject: String, of site: DrawSite) throws(ActionError) -> String {
        if let problem = topology.problem(withSubject: subject, of: site.description) { throw ActionError(problem) }
        switch site {
        case .fault(.linkLoss), .fault(.linkBurst), .fault(.linkDuplicate), .fault(.linkReorder), .fault(.linkCorrupt),
            .fault(.linkCorruptUncaught), .fault(.noticeDrop), .fault(.queueEarly):
            return try segmentName(subject) ?? subject
        case .fault(.timerSlow):
            guard let process = processes.first(where: { $0.name == subject || $0.stableName == subject }) else {
                throw ActionError("\(site) is drawn for a process, and there is no '\(subject)'")
            }
            return process.stableName
        case .fault(.nameError):
            return subject
        case .fault(.momentDrop), .buggify(.simSegmentDelay), .buggify(.simQueueEarly), .buggify(.simNoticeDrop),
            .buggify(.simNATForget):
            if let name = try segmentName(subject) { return name }
            return try connectionName(subject)
        case .fault(.connectRefuse), .fault(.connectHang):
            return try connectionName(subject)
        case .fault(.readShort), .fault(.writeShort), .fault(.ioClose):
            for side in Side.allCases where subject.hasSuffix("/\(side)") {
                return try connectionName(String(subject.dropLast("/\(side)".count))) + "/\(side)"
            }
            throw ActionError(
                "\(site) is drawn for an end of a connection, as in 'c1/client', and not for '\(subject)'")
        case .buggify:
            return subject
        case .chaos(let family):
            throw ActionError("\(site) is drawn for the network; write the number of the episode of \(family) alone")
        }
    }

    /// The stable name of a segment on a link where one is meant: `from→to,c1,client,data`.
    private func segmentName(_ text: String) throws(ActionError) -> String? {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else { return nil }
        let isOfSide = parts.count > 2 && Side.allCases.contains { $0.description == parts[2] }
        let transmission = SegmentDraw.transmission(parts.dropFirst(4).map { Substring($0) })
        guard isOfSide, parts.count > 3, let transmission, Self.mayBe(parts[3], transmission) else {
            throw ActionError(
                "a segment on a link is written as in 'from→to,c1,client,data' (or 'control'), and not '\(text)'")
        }
        parts[1] = try connectionName(parts[1])
        return parts.joined(separator: ",")
    }

    /// Whether a segment of a kind is sent so often. One without payload is numbered anew each time.
    private static func mayBe(_ kind: String, _ transmission: UInt32) -> Bool {
        kind == "data"
            || kind == "control"
                && (transmission & SegmentDraw.noticeBit != 0 || transmission & ~SegmentDraw.copyBit == 1)
    }

    private func connectionName(_ text: String) throws(ActionError) -> String {
        if let id = ConnectionID(named: text) { return try connection(id).name }
        guard text.contains("→") else {
            throw ActionError("'\(text)' is no connection; write its number, as in 'c1'")
        }
        return text
    }

    /// `client?server`: what a host's look-ups of another's name are drawn for.
    func lookupName(_ asking: Host, _ host: Host) -> String { "\(asking.name)?\(host.name)" }
}

extension Topology {
    /// Why a draw of a site is never made for a subject; nil where it may be, as far as hosts and links tell.
    public func problem(withSubject subject: String, of site: String) -> String? {
        switch FaultSite(rawValue: site) {
        case .linkLoss, .linkBurst, .linkDuplicate, .linkReorder, .linkCorrupt, .linkCorruptUncaught, .noticeDrop,
            .queueEarly:
            // Of a segment the link stands first.
            let lane = subject.prefix { $0 != "," }
            let isKnown = links.indices.contains { index in
                LinkDirection.allCases.contains { name(of: LinkID(index), $0) == lane }
            }
            if isKnown { return nil }
            return "\(site) is drawn for a direction of a link, as in 'from→to', and there is no '\(subject)'"
        case .nameError:
            let ends = subject.split(separator: "?", omittingEmptySubsequences: false)
            if ends.count == 2, ends.allSatisfy({ end in hosts.contains { $0.name == end } }) { return nil }
            return "\(site) is drawn for a look-up, as in 'client?server', and there is no '\(subject)'"
        case .connectRefuse, .connectHang, .readShort, .writeShort, .ioClose, .timerSlow, .momentDrop, nil:
            return nil
        }
    }
}

extension ConnectionID {
    /// The connection called `c` and a number; nil for any other text.
    package init?(named text: String) {
        guard text.hasPrefix("c"), let number = UInt32(text.dropFirst()), number > 0, text == "c\(number)" else {
            return nil
        }
        self.init(number)
    }
}
