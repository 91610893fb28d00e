import PeerNetworking
package import SimNetwork
import TCP

extension EventText {
    /// A segment that went on the wire: one that is repeated says so.
    func sentLine(of segment: SegmentSummary, in record: EventRecord, host: String) -> EventLine {
        let isRepeated = segment.purpose.isRepetition
        return EventLine(
            weight: 25, who: host, verb: isRepeated ? "resend" : "wire",
            detail: "\(Self.text(of: segment, as: isRepeated ? Self.content(of: segment) : Self.kind(of: segment))) → "
                + "\(segment.from.other)\(Self.manner(of: segment, in: record))",
            role: isRepeated ? .warning : .plain)
    }

    /// A segment that was lost; one that was repeated in the same event says both.
    func lostLine(of number: Int64, _ reason: LossReason, in record: EventRecord, host: String) -> EventLine {
        let isSentHere = record.changes.contains {
            if case .sent(let segment) = $0 { segment.number == number } else { false }
        }
        guard isSentHere, let segment = segment(number, in: record), segment.purpose.isRepetition else {
            return EventLine(
                weight: 85, who: "link", verb: "lost", detail: "\(text(ofSegment: number, in: record)): \(reason)",
                role: .loss)
        }
        return EventLine(
            weight: 85, who: host, verb: "resend",
            detail:
                "\(Self.text(of: segment, as: Self.content(of: segment)))\(Self.manner(of: segment, in: record)), lost: \(reason)",
            role: .loss)
    }

    /// By which rule a segment goes again; nothing for one that does not.
    private static func manner(of segment: SegmentSummary, in record: EventRecord) -> String {
        manner(of: segment, isByTimer: record.kind == .retransmission).map { ", \($0)" } ?? ""
    }

    /// By which rule a segment goes again; nil for one that does not.
    ///
    /// - Parameter isByTimer: its timer has just come.
    package static func manner(of segment: SegmentSummary, isByTimer: Bool) -> String? {
        switch segment.purpose {
        case .fastRepetition: "fast"
        case .tailProbe: "as a probe"
        case .repetition: isByTimer ? "by its timer" : "after a timeout"
        case .plain, .windowProbe, .keepAliveProbe, .windowUpdate, .delayedAcknowledgement, .challenge, .pathProbe,
            .cookie:
            nil
        }
    }

    /// `data c1>3 64 B`.
    package static func text(of segment: SegmentSummary) -> String { text(of: segment, as: kind(of: segment)) }

    private static func text(of segment: SegmentSummary, as kind: String) -> String {
        // What the network says of a connection has no place among what its sides send.
        guard segment.ordinal > 0 else { return "\(kind) \(segment.connection), by the network" }
        return "\(kind) \(ThingNames.segment(segment))" + (segment.length > 0 ? " \(segment.length) B" : "")
    }

    /// The segment of a number in words; its number alone where the record that sent it is out of reach.
    func text(ofSegment number: Int64, in record: EventRecord) -> String {
        segment(number, in: record).map { Self.text(of: $0) } ?? "segment \(ThingNames.segment(number: number))"
    }

    /// What a segment is for, in a word or two: what its sender meant by it, before what it holds.
    package static func kind(of segment: SegmentSummary) -> String {
        switch segment.purpose {
        case .plain: content(of: segment)
        case .repetition: "repeated \(content(of: segment))"
        case .fastRepetition: "fast repeated \(content(of: segment))"
        case .tailProbe: "tail-loss probe"
        case .delayedAcknowledgement: "delayed ACK"
        case .challenge: "challenge ACK"
        case .cookie: "\(content(of: segment)) with a cookie"
        case .windowProbe, .keepAliveProbe, .windowUpdate, .pathProbe: segment.purpose.description
        }
    }

    /// What a segment holds: its flags, or data.
    private static func content(of segment: SegmentSummary) -> String {
        if let notice = segment.notice {
            return notice == .fragmentationNeeded ? "\(notice), MTU \(segment.window)" : notice.description
        }
        let control = segment.flags.subtracting([.ack, .psh])
        if segment.length > 0 { return control.isEmpty ? "data" : "data-\(control)" }
        return segment.flags.description
    }

    /// The segment that a change is about; nil for one about none.
    package func segment(of change: Change, in record: EventRecord) -> SegmentSummary? {
        switch change {
        case .sent(let segment), .duplicated(let segment, _): segment
        case .arrived(let number), .lost(let number, _), .delayed(let number, _), .forwarded(let number, _, _, _),
            .corrupted(let number), .marked(let number), .held(let number):
            segment(number, in: record)
        case .name, .action, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening,
            .backlog, .opened, .tcp, .end, .unasked, .failed, .forgotten, .peerRegistered, .peer, .queue, .shaped,
            .clogged, .hostClogged, .partition, .standing, .struck, .draw, .fault:
            nil
        }
    }

    /// The segment of a number, as the record that sent it has it.
    ///
    /// - Parameter record: of the segment's arrival or loss, whose cause sent it.
    func segment(_ number: Int64, in record: EventRecord) -> SegmentSummary? {
        // Routers send on what others have sent: the chain goes back over the hops of the path.
        var event = record.number
        var hops = 0
        while event >= 1, event <= records.count, hops < Self.hops {
            let record = event == record.number ? record : records[event: event]
            for change in record.changes {
                if case .sent(let segment) = change, segment.number == number { return segment }
                if case .duplicated(let segment, _) = change, segment.number == number { return segment }
            }
            guard record.cause < event else { return nil }
            event = record.cause
            hops += 1
        }
        return nil
    }

    /// Routers on a path, at most.
    private static let hops = 16
}
