import TCP

/// A stack that keeps what goes in and out, by the event of the script that it belongs to.
final class DrillWitness: DrillStack {
    private let stack: any DrillStack
    /// Events of the script that are behind it.
    private(set) var done = 0
    private(set) var log: [DrillSteps.Entry] = []
    /// How it stood after each event that is behind it, and before the first.
    private(set) var moments: [DrillSteps.Moment] = []
    /// How it stood when the script was over.
    private(set) var last = DrillSteps.Moment()
    private var initial: UInt32?
    private var isClosed = false

    init(_ stack: any DrillStack) { self.stack = stack }

    var now: Int64 { stack.now }
    var lateness: Int64 { stack.lateness }
    func grain(ofTimer wait: Int64) -> Int64 { stack.grain(ofTimer: wait) }
    func wait(until time: Int64) throws(DrillFailure) { try stack.wait(until: time) }
    var untaken: Int { stack.untaken }
    func letCallReturn() throws(DrillFailure) { try stack.letCallReturn() }
    func finished() -> (outcome: CallOutcome, at: Int64)? { stack.finished() }
    func information() throws(DrillFailure) -> [String: Int64] { try stack.information() }

    /// So many events are behind it.
    func progressed(to done: Int) {
        self.done = done
        moments.append(moment)
    }

    private var moment: DrillSteps.Moment {
        // What was asked for last may have let something come.
        let information = (try? stack.information()) ?? [:]
        return DrillSteps.Moment(time: stack.now, information: information, untaken: stack.untaken)
    }

    func take(_ segment: TCPSegment) throws(DrillFailure) {
        add(.incoming, written(segment, from: DrillRun.scriptInitial, to: initial ?? 0).text)
        try stack.take(segment)
    }

    func take(_ notice: DrillNotice) throws(DrillFailure) {
        switch notice {
        case .tooBig(let mtu, _): add(.incoming, "icmp frag_needed mtu \(mtu)")
        case .unreachable(let isNetwork, _): add(.incoming, "icmp \(isNetwork ? "net" : "host") unreachable")
        }
        try stack.take(notice)
    }

    func next(until time: Int64) throws(DrillFailure) -> (segment: TCPSegment, at: Int64)? {
        guard let (segment, at) = try stack.next(until: time) else { return nil }
        sent(segment, at: at, isAsked: true)
        return (segment, at)
    }

    func call(_ call: ScriptCall) throws(DrillFailure) -> CallOutcome? {
        let outcome = try stack.call(call)
        add(.call, "\(call.name)(…)" + (outcome.map { " = \($0.text)" } ?? " waits"))
        return outcome
    }

    /// The script is over: what was sent by now is kept, though no line asks for it, and what is known of the connection.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        while let (segment, at) = try? stack.next(until: stack.now) { sent(segment, at: at, isAsked: false) }
        last = moment
        stack.close()
    }

    private func sent(_ segment: TCPSegment, at time: Int64, isAsked: Bool) {
        if initial == nil { initial = segment.sequence }
        let written = written(segment, from: initial ?? 0, to: DrillRun.scriptInitial)
        var bare = written
        (bare.window, bare.options) = (nil, nil)
        let wait = time - (log.last?.at ?? 0)
        log.append(
            DrillSteps.Entry(
                at: time, kind: isAsked ? .outgoing : .unasked, text: written.text, bare: bare.text,
                step: isAsked ? done + 1 : .max, grain: wait > 0 ? stack.grain(ofTimer: wait) : 0))
    }

    private func add(_ kind: DrillSteps.Entry.Kind, _ text: String) {
        log.append(DrillSteps.Entry(at: stack.now, kind: kind, text: text, bare: text, step: done + 1))
    }

    /// A segment as a script has it, its numbers counted from the initial ones.
    private func written(_ segment: TCPSegment, from initial: UInt32, to other: UInt32) -> ScriptSegment {
        var written = ScriptSegment(
            flags: segment.flags.letters, sequence: segment.sequence &- initial, length: UInt32(segment.length))
        if segment.flags.contains(.ack) { written.acknowledgement = segment.acknowledgement &- other }
        written.window = UInt32(segment.window)
        if let blocks = segment.options?.blocks, !blocks.isEmpty {
            // Numbers wrap.
            written.options = [
                .blocks(blocks.map { ($0.start &- other)...max($0.start &- other, $0.end &- other) })
            ]
        }
        return written
    }
}
