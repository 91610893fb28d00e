import TCP
import NIOCore

/// Runs a script against a stack: it is the other end, the network and the application.
package struct DrillRun {
    private let script: Script
    private let stack: any DrillStack
    private var values = ScriptValues()
    /// When the last event was.
    private var last: Int64 = 0
    /// The initial number of the stack, once it has said it.
    private var stackInitial: UInt32?
    /// The call that waits, and when it is to be back.
    private var pending: (event: Script.Event, call: ScriptCall, returns: ClosedRange<Int64>)?
    /// The stack's descriptors for the numbers that the script has for them, where they are others.
    private var names: [Int64: Int64] = [:]
    /// The stack's clock for each time that the script writes.
    private var clocks: [UInt32: UInt32] = [:]

    /// The script's own initial number.
    static let scriptInitial: UInt32 = 0x1000_0000

    /// Runs a script.
    package static func run(_ script: Script, on stack: any DrillStack) -> Verdict {
        run(script, on: stack) { _ in }
    }

    /// Runs a script.
    ///
    /// - Parameter progress: is told how many events are behind it, after each, and that none is at first.
    static func run(_ script: Script, on stack: any DrillStack, _ progress: (Int) -> Void) -> Verdict {
        var run = DrillRun(script: script, stack: stack)
        defer { stack.close() }
        var line = script.events.last?.line ?? 1
        progress(0)
        do throws(DrillFailure) {
            for (index, event) in script.events.enumerated() {
                line = event.line
                if let verdict = try run.take(event) { return run.judged(verdict) }
                progress(index + 1)
            }
            if let verdict = try run.settlePending(isLast: true) { return run.judged(verdict) }
            return .holds
        } catch {
            switch error {
            case .unsupported(let what): return .unsupported(line: line, why: "\(what) is not modelled")
            case .machine(let why): return .notJudged(why: why)
            }
        }
    }

    private init(script: Script, stack: any DrillStack) { (self.script, self.stack) = (script, stack) }

    /// A failure of a run whose wire was late is none.
    private func judged(_ verdict: Verdict) -> Verdict {
        if case .fails = verdict, stack.lateness > script.tolerance {
            return .notJudged(why: "the wire was late by \(stack.lateness / 1_000) us")
        }
        return verdict
    }

    // MARK: Times

    /// The times at which an event may be.
    private func times(of event: Script.Event) -> ClosedRange<Int64> {
        switch event.time {
        case .absolute(let time): time...time
        case .relative(let time): last + time...last + time
        case .between(let first, let end): first...end
        case .relativeBetween(let first, let end): last + first...last + end
        case .any: last...(last + 60_000_000_000)
        }
    }

    private mutating func take(_ event: Script.Event) throws(DrillFailure) -> Verdict? {
        let times = times(of: event)
        guard times.upperBound <= Bounds.latest else { throw .unsupported("a time so late") }
        if case .outgoing(let expected) = event.what { return try expect(expected, in: event, at: times) }
        try stack.wait(until: times.lowerBound)
        last = event.isAnyTime ? stack.now : times.lowerBound
        if let verdict = try settlePending(isLast: false) { return verdict }
        switch event.what {
        case .incoming(let segment):
            try stack.take(wire(segment))
        case .tooBig(let mtu, let offset):
            try stack.take(.tooBig(mtu: mtu, number: (stackInitial ?? 0) &+ offset))
        case .unreachable(let isNetwork, let offset):
            try stack.take(.unreachable(isNetwork: isNetwork, number: (stackInitial ?? 0) &+ offset))
        case .call(let call, let returnsAfter):
            return try perform(call, returnsAfter, event)
        case .code(let statements): return try check(statements, in: event)
        case .outgoing: break
        }
        return nil
    }

    // MARK: What comes to the stack

    private func wire(_ segment: ScriptSegment) -> TCPSegment {
        var flags: TCPFlags = []
        for letter in segment.flags {
            switch letter {
            case "S": flags.insert(.syn)
            case "F": flags.insert(.fin)
            case "R": flags.insert(.rst)
            case "P": flags.insert(.psh)
            case ".": flags.insert(.ack)
            case "E": flags.insert(.ece)
            case "W": flags.insert(.cwr)
            default: break
            }
        }
        var (maximum, scale, permits, blocks): (UInt16, UInt8?, Bool, [SegmentOptions.Block]) = (0, nil, false, [])
        var times: TCPSegment.Timestamps?
        for option in segment.options ?? [] {
            switch option {
            case .maximumSegmentSize(let size): maximum = size
            case .windowScale(let value): scale = value
            case .permitsSACK: permits = true
            case .timestamps(let value, let echo):
                times = TCPSegment.Timestamps(value: value ?? 0, echo: echo.map { clocks[$0] ?? $0 } ?? 0)
            case .blocks(let ranges):
                blocks = ranges.map {
                    SegmentOptions.Block(start: number($0.lowerBound), end: number($0.upperBound))
                }
            case .padding, .end: break
            }
        }
        let hasOptions = maximum > 0 || scale != nil || permits || !blocks.isEmpty
        var made = TCPSegment(
            flags: flags, window: UInt16(clamping: segment.window ?? 0),
            sequence: Self.scriptInitial &+ segment.sequence,
            acknowledgement: segment.acknowledgement.map(number) ?? 0, timestamps: times,
            options: hasOptions
                ? SegmentOptions(maximumSegmentSize: maximum, windowScale: scale, permitsSACK: permits, blocks: blocks)
                : nil, payload: ByteBuffer(repeating: 0, count: Int(segment.length)))
        made.codepoint = segment.mark.flatMap { Self.codepoints[$0] } ?? .notCapable
        return made
    }

    /// The marks by the names of scripts; `ect01` is either.
    private static let codepoints: [String: ECNCodepoint] = [
        "noecn": .notCapable, "ect1": .capable1, "ect0": .capable0, "ect01": .capable0, "ce": .congestion,
    ]

    /// The stack's number for one that counts from its initial one.
    private func number(_ offset: UInt32) -> UInt32 { (stackInitial ?? 0) &+ offset }

    // MARK: What the stack sends

    private mutating func expect(
        _ expected: ScriptSegment, in event: Script.Event, at times: ClosedRange<Int64>
    ) throws(DrillFailure) -> Verdict? {
        // A segment that comes by itself comes by a timer.
        let grain = times.upperBound > last ? stack.grain(ofTimer: times.upperBound - last) : 0
        let limit = times.upperBound + script.tolerance + grain
        guard let first = try stack.next(until: limit) else {
            return .fails(line: event.line, expected: expected.text, seen: "nothing by \(Self.seconds(limit)) s")
        }
        // Another connection begins with a number of its own; a SYN that goes again has the same.
        if stackInitial == nil || (first.segment.flags.contains(.syn) && first.segment.sequence != stackInitial) {
            stackInitial = first.segment.sequence &- expected.sequence
        }
        var segment = first.segment
        // A run of segments may be written as one.
        while segment.length < Int(expected.length), !segment.flags.contains(.fin),
            segment.sequence &- number(0) == expected.sequence,
            let more = try stack.next(until: limit), more.segment.sequence == segment.sequence &+ UInt32(segment.length)
        {
            var payload = segment.payload
            payload.writeImmutableBuffer(more.segment.payload)
            segment.payload = payload
            segment.flags = more.segment.flags
        }
        let (told, wanted) = (text(of: segment, like: expected, first.segment.codepoint), expected.comparable)
        guard told == wanted else { return .fails(line: event.line, expected: wanted, seen: told) }
        if !event.isAnyTime,
            first.at < times.lowerBound - script.tolerance || first.at > limit
        {
            return .fails(
                line: event.line, expected: "\(expected.text) at \(Self.seconds(times.lowerBound)) s",
                seen: "it at \(Self.seconds(first.at)) s")
        }
        noteClock(of: segment, expected)
        // Where a timer was late, what follows it is, too.
        last =
            event.isAnyTime || grain > 0
            ? max(first.at, times.lowerBound) : min(max(times.lowerBound, first.at), times.upperBound)
        return nil
    }

    private mutating func noteClock(of segment: TCPSegment, _ expected: ScriptSegment) {
        guard let times = segment.timestamps else { return }
        for case .timestamps(let value?, _) in expected.options ?? [] { clocks[value] = times.value }
    }

    /// A segment as the script would write it, as far as it asks.
    private func text(of segment: TCPSegment, like expected: ScriptSegment, _ codepoint: ECNCodepoint) -> String {
        var written = ScriptSegment(
            flags: segment.flags.letters, sequence: segment.sequence &- number(0), length: UInt32(segment.length))
        if segment.flags.contains(.rst), !segment.flags.contains(.ack) {
            written.sequence = segment.sequence &- number(0)
        }
        if segment.flags.contains(.ack) {
            written.acknowledgement = segment.acknowledgement &- Self.scriptInitial
        }
        if expected.window != nil { written.window = UInt32(segment.window) }
        if let mark = expected.mark {
            let isAny = mark == "ect01" && (codepoint == .capable0 || codepoint == .capable1)
            written.mark = isAny ? mark : ["noecn", "ect1", "ect0", "ce"][Int(codepoint.rawValue)]
        }
        if let options = expected.options {
            written.options = []
            if let extra = segment.options {
                if extra.maximumSegmentSize > 0 {
                    written.options?.append(.maximumSegmentSize(extra.maximumSegmentSize))
                }
                if let scale = extra.windowScale { written.options?.append(.windowScale(scale)) }
                if extra.permitsSACK { written.options?.append(.permitsSACK) }
                if !extra.blocks.isEmpty {
                    written.options?.append(
                        .blocks(
                            extra.blocks.map {
                                let start = $0.start &- Self.scriptInitial
                                return start...max(start, $0.end &- Self.scriptInitial)
                            }))
                }
            }
            if let times = segment.timestamps {
                // What a clock shows is the stack's own affair.
                var (value, echo): (UInt32?, UInt32?) = (nil, times.echo)
                for case .timestamps(let wanted, let wantedEcho) in options {
                    value = wanted
                    if wantedEcho == nil { echo = nil }
                }
                written.options?.append(.timestamps(value: value, echo: echo))
            }
        }
        return written.comparable
    }

    static func seconds(_ time: Int64) -> String {
        let microseconds = time / 1_000
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    // MARK: Calls

    private mutating func perform(
        _ call: ScriptCall, _ returnsAfter: Int64?, _ event: Script.Event
    ) throws(DrillFailure) -> Verdict? {
        if pending != nil {
            try stack.letCallReturn()
            if let verdict = try settlePending(isLast: false) { return verdict }
        }
        if pending != nil {
            return .fails(
                line: event.line, expected: "\(call.name) to be called", seen: "the call before it is not back")
        }
        let outcome = try stack.call(call.renamed(names)).map { named($0, call) }
        if let returnsAfter, returnsAfter > 0 {
            if let outcome { return .fails(line: event.line, expected: "\(call.name) to wait", seen: outcome.text) }
            pending = (event, call, last + returnsAfter...last + returnsAfter)
            return nil
        }
        if let outcome { return Self.compare(outcome, call, event) }
        // It may be back at once, as soon as the stack has looked.
        pending = (event, call, last...last)
        try stack.wait(until: last)
        return try settlePending(isLast: false)
    }

    private mutating func settlePending(isLast: Bool) throws(DrillFailure) -> Verdict? {
        guard let (event, call, times) = pending else { return nil }
        if isLast { try stack.wait(until: times.upperBound + script.tolerance) }
        guard let (outcome, at) = stack.finished().map({ (named($0.outcome, call), $0.at) }) else {
            guard isLast || stack.now > times.upperBound + script.tolerance else { return nil }
            return .fails(line: event.line, expected: call.text, seen: "it still waits")
        }
        pending = nil
        if let verdict = Self.compare(outcome, call, event) { return verdict }
        if at < times.lowerBound - script.tolerance || at > times.upperBound + script.tolerance {
            return .fails(
                line: event.line, expected: "\(call.text) at \(Self.seconds(times.lowerBound)) s",
                seen: "it at \(Self.seconds(at)) s")
        }
        return nil
    }

    /// The outcome of a call as the script has it: a new descriptor has the number that it gives it.
    private mutating func named(_ outcome: CallOutcome, _ call: ScriptCall) -> CallOutcome {
        guard call.name == "socket" || call.name == "accept", outcome.result >= 0, let name = call.result, name >= 0
        else { return outcome }
        names[name] = outcome.result
        return CallOutcome(name)
    }

    private static func compare(_ outcome: CallOutcome, _ call: ScriptCall, _ event: Script.Event) -> Verdict? {
        let isSame =
            outcome.result == call.result
            && (call.error == outcome.error || (call.error == nil && outcome.result < 0))
        return isSame ? nil : .fails(line: event.line, expected: call.text, seen: outcome.text)
    }

    // MARK: Code

    private mutating func check(
        _ statements: [ScriptStatement], in event: Script.Event
    ) throws(DrillFailure) -> Verdict? {
        let information = try stack.information()
        for statement in statements {
            do throws(ScriptValues.Unknown) {
                switch statement {
                case .nothing: break
                case .assign(let name, let expression):
                    values.assign(name, try values.value(of: expression, information))
                case .mustHold(let expression, let text):
                    guard try values.value(of: expression, information) == 0 else { break }
                    return .fails(line: event.line, expected: text, seen: values.told(expression, information))
                }
            } catch {
                return .unsupported(line: event.line, why: "'\(error.name)' is not known here")
            }
        }
        return nil
    }
}

extension Script.Event {
    var isAnyTime: Bool { time == .any }
}
