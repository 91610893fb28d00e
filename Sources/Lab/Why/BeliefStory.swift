package import PeerNetworking
import SimNetwork
import TCP

/// What the two ends of a connection believe, of themselves and of each other, and since when they disagree; in words.
package struct BeliefStory {
    private let state: ConnectionState
    private let belief: ConnectionBelief
    private let snapshot: Snapshot
    private let names: Names

    /// Reads off the records up to the cursor what the ends of a connection believe.
    ///
    /// - Throws: ``SessionError`` where there is no such connection.
    package init(_ connection: ConnectionID, in snapshot: Snapshot) throws(SessionError) {
        guard let state = snapshot.world.connection(connection) else {
            throw SessionError(Self.absence(of: connection, in: snapshot))
        }
        self.state = state
        self.snapshot = snapshot
        names = Names(snapshot)
        var belief = ConnectionBelief(connection)
        let records = snapshot.records
        let first = max(1, records.first, records.lastEvent(atOrBefore: state.openedAt - 1))
        for number in stride(from: first, through: snapshot.event, by: 1) { belief.take(records[event: number]) }
        self.belief = belief
    }

    /// Why there is no such connection, and where there was one.
    private static func absence(of connection: ConnectionID, in snapshot: Snapshot) -> String {
        let records = snapshot.records
        for number in stride(from: snapshot.event, through: max(1, records.first), by: -1)
        where records[event: number].changes.contains(.forgotten(connection)) {
            let time = TimeText.clock(records.time(ofEvent: number))
            return
                "\(connection) is forgotten since \(ThingNames.event(number)) at \(time) s; what its ends believed is at "
                + "goto \(ThingNames.event(number - 1))"
        }
        return "there is no \(connection) yet"
    }

    /// What both ends have in common, where they do not disagree.
    private var agreement: String {
        let (client, server) = (state.client, state.server)
        let isOpening = { (end: ConnectionState.End) in end.state == .synSent || end.state == .synReceived }
        switch (client.state, server.state) {
        case (nil, nil): return "that there is none"
        case (_?, nil) where isOpening(client): return "that there is none yet: the client asks for it"
        case (_?, _?) where isOpening(client) || isOpening(server): return "that it is being opened"
        case (_?, nil), (nil, _?): return "that it ends: one end is gone already"
        case (_?, _?): return "that there is a connection"
        }
    }

    /// What stands over it.
    package var title: String { "What the ends of \(state.id) believe" }

    /// The page: whether they agree, and each end.
    package var lines: [TextLine] {
        var lines: [TextLine] = []
        if let since = state.disagreeSince {
            let time = TimeText.duration(max(0, snapshot.reached - since))
            var line = TextLine.field(
                "they disagree",
                "for \(time), since \(TimeText.clock(since)) s: one believes in it, the other has none",
                .danger)
            line.lead = .place(.time(since))
            lines.append(line)
        } else {
            lines.append(.field("they agree", agreement, .good))
            if let past = state.disagreed {
                let time = TimeText.duration(past.upperBound - past.lowerBound)
                var line = TextLine.field(
                    "they disagreed",
                    "for \(time), from \(TimeText.clock(past.lowerBound)) s to \(TimeText.clock(past.upperBound)) s: "
                        + "one believed in it, the other had none", .note)
                line.lead = .place(.time(past.lowerBound))
                lines.append(line)
            }
        }
        for side in Side.allCases { lines += [TextLine()] + self.lines(of: side) }
        return lines
    }

    private func lines(of side: Side) -> [TextLine] {
        let (end, known) = (state.end(side), belief.end(side))
        let other = belief.end(side.other)
        var lines: [TextLine] = [
            .heading("\(side): \(names.name(end.host)):\(end.port)"),
            .field(
                "TCP",
                (end.state?.description ?? end.absence)
                    + (known.since.map { ", since \(TimeText.clock($0.time)) s, \(ThingNames.event($0.event))" } ?? ""),
                end.state == nil ? .danger : .plain, event: known.since?.event),
        ]
        if let failure = end.failure { lines.append(.field("failed", failure.words, .danger)) }
        if let peer = peer(at: side) { lines.append(peer) }
        guard end.state != nil, snapshot.traits.hasSegments else { return lines }
        let unheard = known.next - other.expects
        lines += [
            .field(
                "has sent", "up to \(known.next) (nxt), acknowledged up to \(known.unacknowledged) (una)"),
            .field("it may send", "up to \(known.unacknowledged + known.window): a window of \(known.window) (wnd)"),
            .field("it expects", "\(known.expects) (rcv), and takes \(known.offers) more"),
            congestion(end.levels),
        ]
        if state.end(side.other).state != nil, unheard > 0 {
            lines.append(.field("the other side", "has yet to get \(unheard) of it", .note))
        }
        return lines + timeout(end, snapshot.lab.topology.hosts[Int(end.host.index)].tcp)
    }

    /// How much it may have under way, in segments, and how it stands with what it has lost.
    private func congestion(_ levels: EndLevels) -> TextLine {
        let threshold = levels.text(of: .slowStartThreshold)
        return .field(
            "congestion",
            "cwnd \(levels.text(of: .congestionWindow)), ssthresh \(threshold), \(levels.text(of: .recovery))"
                + (levels.recovery == 0
                    ? "" : ", pipe \(levels.pipe), SACKed \(levels.sackedSegments), lost \(levels.lostSegments)"),
            levels.recovery == 0 ? .plain : .warning)
    }

    /// How long it waits for an acknowledgement, and what that is made of.
    private func timeout(_ end: ConnectionState.End, _ options: TCPOptions) -> [TextLine] {
        let levels = end.levels
        let least = options.minimumRetransmissionTimeout
        let smoothed = Int64(levels.smoothedRoundTrip) * 1_000
        let timeout = Int64(levels.retransmissionTimeout) * 1_000
        // Both are cut to whole microseconds.
        let above = (timeout >> Int64(levels.backoff)) - smoothed
        let isLeast = above <= least + 2_000
        var made = "no round trip was measured yet"
        if timeout >= options.maximumRetransmissionTimeout {
            made = "the longest that there is"
        } else if options.boundsWholeTimeout, timeout <= least << Int64(levels.backoff) {
            made = "the least that there is, for a srtt of \(TimeText.duration(smoothed))"
        } else if smoothed > 0 {
            let deviation = "4 × rttvar \(TimeText.duration(Int64(levels.roundTripDeviation) * 1_000))"
            made =
                "srtt \(TimeText.duration(smoothed)) + "
                + (isLeast
                    ? "\(TimeText.duration(least)), the least for \(deviation)"
                    : "\(TimeText.duration(above)), of late the most of \(deviation)")
        }
        let isDoubled = levels.backoff > 0
        let doubled = isDoubled ? ", doubled \(NumberText.count(Int(levels.backoff), "time"))" : ", not doubled"
        var lines: [TextLine] = [
            .field("RTO", "\(TimeText.duration(timeout)): \(made)\(doubled)", isDoubled ? .warning : .plain)
        ]
        if let timer = end.timer {
            lines.append(
                .field(
                    "timer",
                    "\(timer.timer.kind.words) at \(TimeText.clock(timer.timer.due)) s, set by "
                        + ThingNames.event(timer.cause), event: timer.cause))
        }
        return lines
            + end.laterTimers.running.map {
                .field("timer", "\($0.kind.words) at \(TimeText.clock($0.due)) s, unless something comes before")
            }
    }

    /// The peer that uses an end, and what it believes itself to be.
    private func peer(at side: Side) -> TextLine? {
        let world = snapshot.world
        if side == .server, let session = state.session {
            return .field("session of", names.name(session.peer))
        }
        for (index, peer) in world.peers.enumerated()
        where peer.connection == state.id && names.host(of: peer.process) == state.end(side).host {
            let since = TimeText.clock(peer.stateSince)
            let why = peer.why.map { ", \($0)" } ?? ""
            return .field(
                "peer \(names.name(PeerNumber(Int32(index))))", "\(peer.state), since \(since) s\(why)", peer.state.role
            )
        }
        return nil
    }
}
