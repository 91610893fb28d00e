// Calls, flags and segments as scripts write them.
package import TCP

extension CallOutcome {
    var text: String { "\(result)" + (error.map { " \($0)" } ?? "") }
}

extension ScriptCall {
    /// The call and what it gives back.
    var text: String { "\(name)(…) = \(result ?? 0)" + (error.map { " \($0)" } ?? "") }
}

extension TCPFlags {
    /// The flags by the letters of scripts, in the order of packetdrill.
    package var letters: String {
        var letters = ""
        if contains(.fin) { letters += "F" }
        if contains(.syn) { letters += "S" }
        if contains(.rst) { letters += "R" }
        if contains(.psh) { letters += "P" }
        if contains(.ack) { letters += "." }
        if contains(.ece) { letters += "E" }
        if contains(.cwr) { letters += "W" }
        return letters
    }
}

extension ScriptSegment {
    /// As a script has it.
    package var text: String {
        var text = "\(flags.isEmpty ? "-" : flags) \(sequence):\(sequence &+ length)(\(length))"
        if let acknowledgement { text += " ack \(acknowledgement)" }
        if let window { text += " win \(window)" }
        if let options {
            text += " <\(options.filter { $0 != .padding && $0 != .end }.map(\.text).joined(separator: ","))>"
        }
        return text
    }

    /// The same, with flags and options in one order whatever the script's is.
    var comparable: String {
        var ordered = self
        let order = "FSRP.EW"
        ordered.flags = String(
            flags.sorted { (order.firstIndex(of: $0) ?? order.endIndex) < (order.firstIndex(of: $1) ?? order.endIndex) }
        )
        ordered.options = options?.filter { $0 != .padding && $0 != .end }.sorted { $0.rank < $1.rank }
        return ordered.text + (mark.map { " [\($0)]" } ?? "")
    }
}

extension ScriptSegment.Option {
    fileprivate var text: String {
        switch self {
        case .maximumSegmentSize(let size): "mss \(size)"
        case .windowScale(let scale): "wscale \(scale)"
        case .permitsSACK: "sackOK"
        case .timestamps(let value, let echo):
            "TS val \(value.map { "\($0)" } ?? "_") ecr \(echo.map { "\($0)" } ?? "_")"
        case .blocks(let blocks): "sack " + blocks.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: " ")
        case .padding: "nop"
        case .end: "eol"
        }
    }

    fileprivate var rank: Int {
        switch self {
        case .maximumSegmentSize: 0
        case .permitsSACK: 1
        case .timestamps: 2
        case .windowScale: 3
        case .blocks: 4
        case .padding: 5
        case .end: 6
        }
    }
}
