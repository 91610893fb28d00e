extension ScriptCall {
    /// An argument as a word; empty where it is none.
    package func argument(_ place: Int) -> String {
        guard arguments.indices.contains(place) else { return "" }
        switch arguments[place] {
        case .word(let word): return word
        case .number(let number): return "\(number)"
        case .list(let list): if case .word(let word)? = list.first { return word }
        case .usual, .fields: break
        }
        return ""
    }

    /// The numbers of an argument: one, or those of a list.
    package func values(_ place: Int) -> [Int64] {
        guard arguments.indices.contains(place) else { return [] }
        switch arguments[place] {
        case .number(let number): return [number]
        case .list(let list):
            return list.compactMap { if case .number(let number) = $0 { number } else { nil } }
        case .usual, .word, .fields: return []
        }
    }

    /// A number of bytes.
    package func count(_ place: Int) -> Int { Int(min(max(values(place).first ?? 0, 0), Bounds.bytes)) }

    /// The fields of an argument that has some.
    package func fields(_ place: Int) -> [Argument.Field]? {
        guard arguments.indices.contains(place), case .fields(let fields) = arguments[place] else { return nil }
        return fields
    }

    /// What `SO_LINGER` is given; nil for what is no `{l_onoff=1, l_linger=0}`.
    package var linger: (isOn: Bool, seconds: Int64)? {
        guard let fields = fields(3) else { return nil }
        return (fields.number("l_onoff") == 1, fields.number("l_linger"))
    }

    /// What a call moves: to the other side or from it, and how many bytes; nil for a call that moves none.
    package var transfer: (isToOther: Bool, count: Int)? {
        switch name {
        case "write", "send", "sendto": (true, count(2))
        case "read", "recv", "recvfrom": (false, count(2))
        case "writev", "readv": (name == "writev", argumentOrNil(1)?.bytesOfVectors ?? 0)
        case "sendmsg", "recvmsg":
            (name == "sendmsg", fields(1)?.first { $0.name == "msg_iov" }?.value.bytesOfVectors ?? 0)
        default: nil
        }
    }

    /// The flags of a call that moves bytes, joined by `|`; empty for none.
    private var flagWords: String {
        switch name {
        case "send", "sendto", "recv", "recvfrom": argument(3)
        case "sendmsg", "recvmsg": argument(2)
        default: ""
        }
    }

    /// What a call says of the bytes that it sends.
    ///
    /// - Throws: ``DrillFailure`` for a flag that is no part of this.
    package func sendFlags() throws(DrillFailure) -> SendFlags {
        var flags: SendFlags = []
        for word in flagWords.split(separator: "|").map({ $0.trimmed(" ") }) {
            switch word {
            case "0", "...", "MSG_NOSIGNAL": break
            case "MSG_MORE": flags.insert(.more)
            case "MSG_EOR": flags.insert(.endOfRecord)
            case "MSG_ZEROCOPY": flags.insert(.withoutCopy)
            case "MSG_DONTWAIT": flags.insert(.withoutWaiting)
            default: throw .unsupported("the flag '\(word)'")
            }
        }
        return flags
    }

    /// The buffer of a call that moves bytes is nowhere.
    package var hasNoBuffer: Bool {
        switch name {
        case "write", "send", "sendto", "read", "recv", "recvfrom": argument(1) == "NULL"
        default: false
        }
    }

    /// What `recvmsg` is to tell of bytes that wait (`TCP_CM_INQ`); nil where it is not asked.
    package var bytesWaiting: Int64? {
        guard name == "recvmsg",
            case .list(let messages)? = fields(1)?.first(where: { $0.name == "msg_control" })?.value
        else { return nil }
        for case .fields(let fields) in messages where fields.word("cmsg_type") == "TCP_CM_INQ" {
            return fields.number("cmsg_data")
        }
        return nil
    }

    /// The same call of the descriptors that a stack has, where the script has other numbers for them.
    func renamed(_ names: [Int64: Int64]) -> ScriptCall {
        guard !names.isEmpty else { return self }
        var call = self
        if name == "poll", case .list(let list)? = argumentOrNil(0) {
            call.arguments[0] = .list(
                list.map { entry in
                    guard case .fields(var fields) = entry else { return entry }
                    for place in fields.indices where fields[place].name == "fd" {
                        fields[place].value = fields[place].value.renamed(names)
                    }
                    return .fields(fields)
                })
        } else if let first = argumentOrNil(0) {
            call.arguments[0] = first.renamed(names)
        }
        return call
    }

    private func argumentOrNil(_ place: Int) -> Argument? { arguments.indices.contains(place) ? arguments[place] : nil }

    /// What `poll` looks at: each with what is asked and what is to be seen.
    package var polled: [Polled] {
        guard case .list(let list)? = argumentOrNil(0) else { return [] }
        return list.compactMap { entry in
            guard case .fields(let fields) = entry else { return nil }
            return Polled(
                descriptor: fields.number("fd"), asked: PollEvents(fields.word("events")),
                expected: PollEvents(fields.word("revents")))
        }
    }

    /// How long `poll` waits, in nanoseconds; nil for as long as it takes.
    package var pollTimeout: Int64? {
        let milliseconds = values(2).first ?? 0
        return milliseconds < 0 ? nil : Bounds.milliseconds(milliseconds)
    }

    /// What `ioctl` gives back that was told a number: another one than is expected is told in its place.
    ///
    /// - Parameter place: the argument that has what is expected.
    package func outcome(ofAsking value: Int64, at place: Int = 2) -> CallOutcome {
        values(place).first == value ? CallOutcome(0) : CallOutcome(value)
    }

    /// What a call gives back that has read; other bytes that wait than `recvmsg` is to tell of are told in its place.
    package func outcome(ofReading count: Int64, waiting: Int64) -> CallOutcome {
        guard let expected = bytesWaiting, expected != waiting else { return CallOutcome(count) }
        return CallOutcome(count, "cmsg_data=\(waiting)")
    }

    /// A descriptor that `poll` looks at.
    package struct Polled: Sendable {
        package var descriptor: Int64
        package var asked: PollEvents
        package var expected: PollEvents
    }

    /// What `poll` gives back, by what it has seen of each; what is not as expected is told in its place.
    package func outcome(ofPoll seen: [PollEvents]) -> CallOutcome {
        for (polled, seen) in zip(polled, seen) where polled.expected != seen {
            return CallOutcome(Int64(seen.isEmpty ? 0 : 1), "revents \(seen)")
        }
        return CallOutcome(Int64(seen.count { !$0.isEmpty }))
    }
}

/// The events of `poll`, by Linux's bits.
package struct PollEvents: OptionSet, Sendable, CustomStringConvertible {
    package let rawValue: Int16
    package init(rawValue: Int16) { self.rawValue = rawValue }
    package static let `in` = PollEvents(rawValue: 0x1)
    package static let out = PollEvents(rawValue: 0x4)
    package static let error = PollEvents(rawValue: 0x8)
    package static let hangUp = PollEvents(rawValue: 0x10)
    package static let halfHangUp = PollEvents(rawValue: 0x2000)

    private static let names: [(name: String, event: PollEvents)] = [
        ("POLLIN", .in), ("POLLOUT", .out), ("POLLERR", .error), ("POLLHUP", .hangUp), ("POLLRDHUP", .halfHangUp),
    ]

    /// The events of a union: `POLLIN|POLLOUT`; words that are not known are none.
    package init(_ text: String) {
        self = text.split(separator: "|").reduce(into: []) { events, word in
            if let event = Self.names.first(where: { $0.name == word.trimmed(" ") })?.event { events.insert(event) }
        }
    }

    package var description: String {
        isEmpty ? "0" : Self.names.filter { contains($0.event) }.map(\.name).joined(separator: "|")
    }
}

extension [ScriptCall.Argument.Field] {
    fileprivate func number(_ name: String) -> Int64 {
        if case .number(let number)? = first(where: { $0.name == name })?.value { number } else { 0 }
    }

    fileprivate func word(_ name: String) -> String {
        if case .word(let word)? = first(where: { $0.name == name })?.value { word } else { "" }
    }
}

/// What a call says of the bytes that it sends.
package struct SendFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `MSG_MORE`
    package static let more = SendFlags(rawValue: 1)
    /// `MSG_EOR`
    package static let endOfRecord = SendFlags(rawValue: 2)
    /// `MSG_ZEROCOPY`, which changes nothing of what is sent.
    package static let withoutCopy = SendFlags(rawValue: 4)
    /// `MSG_DONTWAIT`
    package static let withoutWaiting = SendFlags(rawValue: 8)
}

extension ScriptCall.Argument {
    fileprivate func renamed(_ names: [Int64: Int64]) -> ScriptCall.Argument {
        if case .number(let number) = self { .number(names[number] ?? number) } else { self }
    }

    /// The bytes of `[{..., 1000}, {..., 500}]`.
    fileprivate var bytesOfVectors: Int {
        guard case .list(let list) = self else { return 0 }
        let all = list.reduce(Int64(0)) { sum, vector in
            guard case .fields(let fields) = vector, case .number(let count)? = fields.last?.value else { return sum }
            return sum &+ min(max(count, 0), Bounds.bytes)
        }
        return Int(min(all, Bounds.bytes))
    }
}
