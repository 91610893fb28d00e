import TCP

/// A script gone through event by event against the simulated stack, forwards and backwards: what has happened after so many of its
/// events. Time is virtual, so that any place is reached anew from the beginning.
package struct DrillSteps {
    /// The script.
    package let script: Script

    package init(_ script: Script) { self.script = script }

    /// How it stands after some events.
    package struct State {
        /// Events that are behind it.
        package var done = 0
        /// The time on the stack's clock, in nanoseconds.
        package var time: Int64 = 0
        /// What came of the events so far: of one that does not hold nothing is behind.
        package var verdict = Verdict.holds
        /// What went over the wire and was called, in order.
        package var log: [Entry] = []
        /// `TCP_INFO` of the connection, by its fields; empty before there is one.
        package var information: [String: Int64] = [:]
    }

    /// Something that has happened.
    package struct Entry: Hashable {
        /// What it was.
        package enum Kind: Hashable {
            /// A segment, or a word of the network, came to the stack.
            case incoming
            /// The stack has sent a segment.
            case outgoing
            /// It has sent one that the script has not asked for yet.
            case unasked
            /// The application has called.
            case call
        }

        package var at: Int64
        package var kind: Kind
        package var text: String
    }

    /// How it stands after so many events; after fewer where one does not hold.
    package func state(after count: Int) -> State {
        var state = State(done: min(count, script.events.count))
        let stack: Witness
        do throws(DrillFailure) {
            stack = Witness(try SimulatedStack(settings: script.settings))
        } catch {
            state.verdict = Drill.verdict(of: error)
            return state
        }
        state.verdict = DrillRun.run(script, on: stack, upTo: count) { done in state.done = done }
        stack.drain()
        state.time = stack.now
        state.log = stack.log
        state.information = stack.latest
        return state
    }
}

/// A stack that keeps what goes in and out.
private final class Witness: DrillStack {
    private let stack: SimulatedStack
    private(set) var log: [DrillSteps.Entry] = []
    private(set) var latest: [String: Int64] = [:]
    private var initial: UInt32?
    private var isClosed = false

    init(_ stack: SimulatedStack) { self.stack = stack }

    var now: Int64 { stack.now }
    var lateness: Int64 { stack.lateness }
    func grain(ofTimer wait: Int64) -> Int64 { stack.grain(ofTimer: wait) }
    func wait(until time: Int64) { stack.wait(until: time) }
    func finished() -> (outcome: CallOutcome, at: Int64)? { stack.finished() }
    func information() -> [String: Int64] { stack.information() }

    func take(_ segment: TCPSegment) throws(DrillFailure) {
        add(.incoming, text(of: segment, from: DrillRun.scriptInitial, to: initial ?? 0))
        try stack.take(segment)
    }

    func take(_ notice: DrillNotice) {
        switch notice {
        case .tooBig(let mtu, _): add(.incoming, "icmp frag_needed mtu \(mtu)")
        case .unreachable(let isNetwork, _): add(.incoming, "icmp \(isNetwork ? "net" : "host") unreachable")
        }
        stack.take(notice)
    }

    func next(until time: Int64) -> (segment: TCPSegment, at: Int64)? {
        guard let (segment, at) = stack.next(until: time) else { return nil }
        sent(segment, .outgoing, at: at)
        return (segment, at)
    }

    func call(_ call: ScriptCall) throws(DrillFailure) -> CallOutcome? {
        let outcome = try stack.call(call)
        add(.call, "\(call.name)(…)" + (outcome.map { " = \($0.text)" } ?? " waits"))
        return outcome
    }

    /// What the stack has sent by now, though nobody has asked for it.
    func drain() { while let (segment, at) = stack.next(until: stack.now) { sent(segment, .unasked, at: at) } }

    /// The script is over: what is known of the connection is kept.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        latest = stack.information()
    }

    private func sent(_ segment: TCPSegment, _ kind: DrillSteps.Entry.Kind, at time: Int64) {
        if initial == nil { initial = segment.sequence }
        log.append(
            DrillSteps.Entry(
                at: time, kind: kind, text: text(of: segment, from: initial ?? 0, to: DrillRun.scriptInitial)))
    }

    private func add(_ kind: DrillSteps.Entry.Kind, _ text: String) {
        log.append(DrillSteps.Entry(at: stack.now, kind: kind, text: text))
    }

    /// A segment as a script has it, its numbers counted from the initial ones.
    private func text(of segment: TCPSegment, from initial: UInt32, to other: UInt32) -> String {
        var written = ScriptSegment(
            flags: segment.flags.letters, sequence: segment.sequence &- initial, length: UInt32(segment.length))
        if segment.flags.contains(.ack) { written.acknowledgement = segment.acknowledgement &- other }
        written.window = UInt32(segment.window)
        if let blocks = segment.options?.blocks, !blocks.isEmpty {
            written.options = [.blocks(blocks.map { ($0.start &- other)...($0.end &- other) })]
        }
        return written.text
    }
}
