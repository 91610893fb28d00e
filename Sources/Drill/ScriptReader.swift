/// Reads scripts.
package struct ScriptReader {
    private var scanner: ScriptScanner
    private var script: Script
    private let file: (String) -> String?

    private init(_ text: String, name: String, _ file: @escaping (String) -> String?) {
        scanner = ScriptScanner(text)
        script = Script(name: name)
        self.file = file
    }

    /// Reads a script.
    ///
    /// - Parameter file: the text of a file of settings, by its path from the script's folder; nil where there is none.
    /// - Throws: ``ScriptProblem`` with line and column.
    package static func read(
        _ text: String, name: String, file: @escaping (String) -> String? = { _ in nil }
    ) throws(ScriptProblem) -> Script {
        var reader = ScriptReader(text, name: name, file)
        try reader.read()
        return reader.script
    }

    private mutating func read() throws(ScriptProblem) {
        while scanner.skip() {
            if scanner.takes("`") {
                try readShell()
            } else if scanner.takes("--") {
                try readOption()
            } else {
                try readEvent()
            }
        }
        if script.events.isEmpty { throw scanner.problem("the script has no events") }
    }

    // MARK: Around events

    /// `--tolerance_usecs=10000`
    private mutating func readOption() throws(ScriptProblem) {
        let name = scanner.word()
        let value = scanner.takes("=") ? scanner.line() : ""
        switch name {
        case "tolerance_usecs":
            guard let microseconds = Int64(value), (0...60_000_000).contains(microseconds) else {
                throw scanner.problem("a tolerance is 0 to 60000000 microseconds")
            }
            script.tolerance = microseconds * 1_000
        // What is about the tool's own packets and addresses does not change what must be so.
        case "tcp_ts_tick_usecs", "mss", "mtu", "local_ip", "remote_ip", "netmask_ip", "gateway_ip", "connect_port",
            "bind_port", "send_omit_free", "ip_version", "code_command", "strict_segments":
            break
        default: throw scanner.problem("there is no option '--\(name)'", unsupported: true)
        }
    }

    /// Lines between backquotes: settings of the machine, and what does nothing here.
    private mutating func readShell() throws(ScriptProblem) {
        guard let text = scanner.upTo("`") else { throw scanner.problem("the backquote is not closed") }
        for command in ShellText.commands(of: text) { try perform(command, mayRead: true) }
    }

    private mutating func perform(_ words: [String], mayRead: Bool) throws(ScriptProblem) {
        switch words.first {
        case nil, "ethtool", "true", "|": break
        // Each script begins with the settings of a machine as it comes: nothing has to be put back.
        case let word? where word.contains("sysctl_restore"): break
        case "ip" where words.dropFirst().first == "tcp_metrics": break
        // A queue that holds something changes nothing of what a stack decides.
        case "tc" where !words.contains("fq") && !words.joined(separator: " ").contains("limit 0"): break
        case "sysctl": set(words.dropFirst())
        case "echo": try write(words)
        // Settings by their files, as packetdrill's own scripts make them.
        case let word? where word.hasSuffix("/set_sysctls.py"): set(words.dropFirst())
        case let word? where word.hasSuffix(".sh") && mayRead:
            guard let text = file(word) else {
                throw scanner.problem("the file '\(word)' cannot be read", unsupported: true)
            }
            for command in ShellText.commands(of: text) { try perform(command, mayRead: false) }
        case let word?: throw scanner.problem("the command '\(word)' is not known", unsupported: true)
        }
    }

    /// `echo 3 > /sys/module/tcp_cubic/parameters/hystart_detect`: what every kernel begins with says nothing.
    private func write(_ words: [String]) throws(ScriptProblem) {
        let isUsual = words == ["echo", "3", ">", "/sys/module/tcp_cubic/parameters/hystart_detect"]
        if !isUsual { throw scanner.problem("'\(words.joined(separator: " "))' is not known", unsupported: true) }
    }

    private mutating func set(_ words: ArraySlice<String>) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let name = String(parts[0].hasPrefix("/proc/sys/") ? parts[0].dropFirst("/proc/sys/".count) : parts[0])
            script.settings[name.replacing("/", with: ".")] = String(parts[1])
        }
    }

    // MARK: Events

    private mutating func readEvent() throws(ScriptProblem) {
        let line = scanner.lineNumber
        let (time, end) = try readTime()
        scanner.skipBlanks()
        let what: Script.What
        if scanner.takes("`") {
            try readShell()
            return
        } else if scanner.takes("%{") {
            guard let text = scanner.upTo("}%") else { throw scanner.problem("'%{' is not closed by '}%'") }
            what = .code(try StatementReader.read(text, line: line))
        } else if scanner.takes("<") {
            what = try readPacket(isIncoming: true)
        } else if scanner.takes(">") {
            what = try readPacket(isIncoming: false)
        } else {
            what = .call(try readCall(), returnsAfter: end)
        }
        script.events.append(Script.Event(line: line, time: time, what: what))
    }

    /// `0`, `+.1`, `0.1~0.2`, `+0~+0.1`, `*`, `0...0.2`: the last is the time at which a call is back.
    private mutating func readTime() throws(ScriptProblem) -> (Script.Time, returns: Int64?) {
        scanner.skipBlanks()
        if scanner.takes("*") { return (.any, nil) }
        let isRelative = scanner.takes("+")
        let first = try seconds()
        scanner.skipBlanks()
        if scanner.takes("...") {
            scanner.skipBlanks()
            let isEndRelative = scanner.takes("+")
            let last = try seconds()
            let length = isEndRelative || isRelative ? last - (isEndRelative ? 0 : first) : last - first
            return (isRelative ? .relative(first) : .absolute(first), max(0, length))
        }
        guard scanner.takes("~") else { return (isRelative ? .relative(first) : .absolute(first), nil) }
        scanner.skipBlanks()
        let isLastRelative = scanner.takes("+")
        let last = try seconds()
        guard isLastRelative == isRelative else {
            throw scanner.problem("both times of a range are alike: with '+' or without")
        }
        guard last >= first else { throw scanner.problem("a range of times begins before it ends") }
        return (isRelative ? .relativeBetween(first, last) : .between(first, last), nil)
    }

    private mutating func seconds() throws(ScriptProblem) -> Int64 {
        let text = scanner.number()
        guard let value = Nanoseconds.read(text) else { throw scanner.problem("a time in seconds is expected") }
        return value
    }

    // MARK: Packets

    private mutating func readPacket(isIncoming: Bool) throws(ScriptProblem) -> Script.What {
        scanner.skipBlanks()
        var mark: String?
        if scanner.takes("[") {
            guard let text = scanner.upTo("]") else { throw scanner.problem("']' is missing") }
            guard ["noecn", "ect0", "ect1", "ect01", "ce"].contains(text) else {
                throw scanner.problem("a mark is noecn, ect0, ect1, ect01 or ce", unsupported: true)
            }
            mark = text
            scanner.skipBlanks()
        }
        if scanner.takes("icmp") { return try readNotice(isIncoming: isIncoming) }
        let flags = scanner.take { "SFPRUEWA.".contains($0) }
        guard !flags.isEmpty || scanner.takes("-") else { throw scanner.problem("the flags of a segment are expected") }
        if flags.contains("U") { throw scanner.problem("urgent data are not modelled", unsupported: true) }
        scanner.skipBlanks()
        var segment = ScriptSegment(flags: flags, sequence: 0, length: 0, mark: mark)
        let first = try natural("a sequence number")
        guard scanner.takes(":") else { throw scanner.problem("':' is expected") }
        let last = try natural("a sequence number")
        guard scanner.takes("(") else { throw scanner.problem("'(' and the length are expected") }
        let length = try natural("a length")
        guard scanner.takes(")") else { throw scanner.problem("')' is expected") }
        guard last &- first == length else {
            throw scanner.problem("from \(first) to \(last) are \(last &- first) bytes and not \(length)")
        }
        guard length <= Bounds.segment else {
            throw scanner.problem("a segment has at most \(Bounds.segment) bytes", unsupported: true)
        }
        (segment.sequence, segment.length) = (first, length)
        while true {
            scanner.skipBlanks()
            if scanner.takes("ack ") {
                segment.acknowledgement = try natural("an acknowledgement number")
            } else if scanner.takes("win ") {
                segment.window = try natural("a window")
            } else if scanner.takes("<") {
                guard let text = scanner.upTo(">") else { throw scanner.problem("'>' is missing") }
                // `<...>` is any.
                if text.trimmed(" ") != "..." { segment.options = try options(text) }
            } else {
                break
            }
        }
        guard scanner.isAtEndOfLine else { throw scanner.problem("nothing more is expected in this line") }
        if isIncoming, segment.flags.contains("."), segment.acknowledgement == nil {
            throw scanner.problem("a segment with '.' has an ack")
        }
        return isIncoming ? .incoming(segment) : .outgoing(segment)
    }

    private mutating func natural(_ what: String) throws(ScriptProblem) -> UInt32 {
        scanner.skipBlanks()
        guard let value = UInt32(scanner.take { $0.isNumber }) else { throw scanner.problem("\(what) is expected") }
        return value
    }

    /// `icmp unreachable frag_needed mtu 1200 [1:1461(1460)]`
    private mutating func readNotice(isIncoming: Bool) throws(ScriptProblem) -> Script.What {
        guard isIncoming else { throw scanner.problem("a stack sends no notices here", unsupported: true) }
        let words = scanner.line().split(separator: " ").map(String.init)
        guard words.first == "unreachable", words.count >= 2 else {
            throw scanner.problem("'unreachable' and what is so are expected", unsupported: true)
        }
        let offset = words.last.flatMap { UInt32($0.trimmed("[").split(separator: ":").first ?? "") } ?? 0
        switch words[1] {
        case "frag_needed":
            guard let place = words.firstIndex(of: "mtu"), place + 1 < words.count, let mtu = UInt16(words[place + 1])
            else { throw scanner.problem("'mtu' and 0 to 65535 bytes are expected") }
            return .tooBig(mtu: Int64(mtu), offset: offset)
        case "host_unreachable": return .unreachable(isNetwork: false, offset: offset)
        case "net_unreachable": return .unreachable(isNetwork: true, offset: offset)
        default: throw scanner.problem("'\(words[1])' is not modelled", unsupported: true)
        }
    }

    private func options(_ text: String) throws(ScriptProblem) -> [ScriptSegment.Option] {
        var options: [ScriptSegment.Option] = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            func number(_ place: Int) -> UInt32? { words.indices.contains(place) ? UInt32(words[place]) : nil }
            switch words.first {
            case "mss": options.append(.maximumSegmentSize(UInt16(clamping: number(1) ?? 0)))
            case "wscale": options.append(.windowScale(UInt8(clamping: number(1) ?? 0)))
            case "sackOK": options.append(.permitsSACK)
            case "nop": options.append(.padding)
            case "eol": options.append(.end)
            case "TS": options.append(.timestamps(value: number(2), echo: number(4)))
            case "sack":
                var blocks: [ClosedRange<UInt32>] = []
                for word in words.dropFirst() {
                    let ends = word.split(separator: ":").compactMap { UInt32($0) }
                    guard ends.count == 2, ends[0] <= ends[1] else { throw scanner.problem("a block is START:END") }
                    blocks.append(ends[0]...ends[1])
                }
                guard blocks.count <= Bounds.blocks else {
                    throw scanner.problem("a header has room for \(Bounds.blocks) blocks")
                }
                options.append(.blocks(blocks))
            default: throw scanner.problem("the option '\(part)' is not known", unsupported: true)
            }
        }
        guard options.reduce(0, { $0 + $1.bytes }) <= Bounds.options else {
            throw scanner.problem("a header has room for \(Bounds.options) bytes of options")
        }
        return options
    }

    // MARK: Calls

    /// `write(4, ..., 1000) = 1000`, `read(4, ..., 10) = -1 EAGAIN (Resource temporarily unavailable)`.
    private mutating func readCall() throws(ScriptProblem) -> ScriptCall {
        let name = scanner.word()
        guard !name.isEmpty else { throw scanner.problem("a packet, a call or code is expected") }
        guard scanner.takes("(") else { throw scanner.problem("'(' is expected after '\(name)'") }
        let arguments = try readArguments(closing: ")")
        scanner.skipBlanks()
        guard scanner.takes("=") else { throw scanner.problem("'=' and what the call gives back are expected") }
        scanner.skipBlanks()
        var call = ScriptCall(name: name, arguments: arguments)
        let text = scanner.take { $0 == "-" || $0.isNumber || $0.isLetter }
        guard let result = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text) else {
            throw scanner.problem("a number is expected")
        }
        call.result = result
        scanner.skipBlanks()
        let error = scanner.word()
        if !error.isEmpty { call.error = error }
        scanner.skipBlanks()
        if scanner.takes("(") { _ = scanner.upTo(")") }
        guard scanner.isAtEndOfLine else { throw scanner.problem("nothing more is expected in this line") }
        return call
    }

    private mutating func readArguments(
        closing: Character, depth: Int = 0
    ) throws(ScriptProblem) -> [ScriptCall.Argument] {
        guard depth < Bounds.depth else { throw scanner.problem("lists are nested too deep") }
        var arguments: [ScriptCall.Argument] = []
        scanner.skipSpace()
        if scanner.takes(String(closing)) { return [] }
        while true {
            arguments.append(try readArgument(depth))
            scanner.skipSpace()
            if scanner.takes(String(closing)) { return arguments }
            guard scanner.takes(",") else { throw scanner.problem("',' or '\(closing)' is expected") }
            scanner.skipSpace()
        }
    }

    /// `msg_iov(1)=[{..., 1000}], msg_flags=0}`
    private mutating func readFields(depth: Int) throws(ScriptProblem) -> [ScriptCall.Argument.Field] {
        guard depth < Bounds.depth else { throw scanner.problem("lists are nested too deep") }
        var fields: [ScriptCall.Argument.Field] = []
        scanner.skipSpace()
        if scanner.takes("}") { return [] }
        while true {
            scanner.skipSpace()
            let before = scanner
            var name = scanner.word()
            if scanner.takes("(") { _ = scanner.upTo(")") }
            scanner.skipSpace()
            if !scanner.takes("=") { (name, scanner) = ("", before) }
            fields.append(.init(name: name, value: try readArgument(depth)))
            scanner.skipSpace()
            if scanner.takes("}") { return fields }
            guard scanner.takes(",") else { throw scanner.problem("',' or '}' is expected") }
        }
    }

    private mutating func readArgument(_ depth: Int) throws(ScriptProblem) -> ScriptCall.Argument {
        scanner.skipSpace()
        if scanner.takes("...") { return .usual }
        if scanner.takes("[") { return .list(try readArguments(closing: "]", depth: depth + 1)) }
        if scanner.takes("{") {
            return .fields(try readFields(depth: depth + 1))
        }
        if scanner.takes("\"") {
            guard let text = scanner.upTo("\"") else { throw scanner.problem("'\"' is missing") }
            return .word(text)
        }
        let text = scanner.take { $0.isLetter || $0.isNumber || "_|-. ".contains($0) }.trimmed(" ")
        if text.hasPrefix("0x"), let value = Int64(text.dropFirst(2), radix: 16) { return .number(value) }
        if let value = Int64(text) { return .number(value) }
        guard !text.isEmpty else { throw scanner.problem("an argument is expected") }
        return .word(text)
    }
}

/// Times as scripts write them.
enum Nanoseconds {
    /// Reads seconds with a fraction, exactly; nil for what is none.
    static func read(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !text.isEmpty, text != "." else { return nil }
        guard let seconds = whole.isEmpty ? 0 : Int64(whole), (0...1_000_000).contains(seconds) else { return nil }
        guard parts.count == 2 else { return seconds * 1_000_000_000 }
        let fraction = parts[1].prefix(9)
        guard let digits = fraction.isEmpty ? 0 : Int64(fraction) else { return nil }
        var value = digits
        for _ in fraction.count..<9 { value *= 10 }
        return seconds * 1_000_000_000 + value
    }
}

extension StringProtocol {
    /// Without some characters at both ends.
    func trimmed(_ characters: String) -> String {
        var text = Substring(self)
        while let first = text.first, characters.contains(first) { text.removeFirst() }
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return String(text)
    }
}
