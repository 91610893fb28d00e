/// A script in the language of packetdrill: what a stack is told, what comes to it and what it must send, and when.
package struct Script: Sendable {
    /// What it is called in messages.
    package var name: String
    /// Settings of the machine that it wants: `net.ipv4.tcp_sack` and its value.
    package var settings: [String: String] = [:]
    /// How far a time may be off, in nanoseconds.
    package var tolerance: Int64 = 4_000_000
    /// What happens, in order.
    package var events: [Event] = []

    /// A script without events.
    package init(name: String) { self.name = name }

    /// Something that happens.
    package struct Event: Sendable {
        /// The line it stands in, from 1.
        package var line: Int
        package var time: Time
        package var what: What
    }

    /// When something happens, in nanoseconds.
    package enum Time: Hashable, Sendable {
        /// From the beginning of the script.
        case absolute(Int64)
        /// From the event before.
        case relative(Int64)
        /// Between two times from the beginning.
        case between(Int64, Int64)
        /// Between two times from the event before.
        case relativeBetween(Int64, Int64)
        /// At any time.
        case any
    }

    /// What happens.
    package enum What: Sendable {
        /// A segment comes to the stack.
        case incoming(ScriptSegment)
        /// The stack must send a segment.
        case outgoing(ScriptSegment)
        /// The network says something of what the stack has sent: the largest packet that a link takes.
        case tooBig(mtu: Int64, offset: UInt32)
        /// The other side is said to be unreachable: a host, or its network.
        case unreachable(isNetwork: Bool, offset: UInt32)
        /// The application calls the stack, and is back after a time where it has to wait.
        case call(ScriptCall, returnsAfter: Int64?)
        /// What must be so.
        case code([ScriptStatement])
    }
}

/// A segment as a script writes it: its numbers count from the initial ones.
package struct ScriptSegment: Hashable, Sendable {
    /// The flags by their letters: `S`, `F`, `P`, `R`, `.`, `E`, `W`.
    package var flags: String
    package var sequence: UInt32
    package var length: UInt32
    package var acknowledgement: UInt32?
    package var window: UInt32?
    package var options: [Option]?
    /// The mark of its packet: `ect0`, `ect01`, `ce`, `noecn`; nil for any.
    package var mark: String?

    /// An option of the header.
    package enum Option: Hashable, Sendable {
        case maximumSegmentSize(UInt16)
        case windowScale(UInt8)
        case permitsSACK
        case timestamps(value: UInt32?, echo: UInt32?)
        case blocks([ClosedRange<UInt32>])
        case padding
        case end
    }
}

/// A call of an application.
package struct ScriptCall: Sendable {
    package var name: String
    package var arguments: [Argument]
    package var result: Int64?
    package var error: String?

    /// What is given to a call.
    package enum Argument: Hashable, Sendable {
        case number(Int64)
        /// A constant, or several joined by `|`.
        case word(String)
        case list([Argument])
        /// `...`: what it usually is.
        case usual
        /// `{l_onoff=1, l_linger=0}`, `{..., 1000}`.
        case fields([Field])

        /// A field; its name is empty where none is given.
        package struct Field: Hashable, Sendable {
            package var name: String
            package var value: Argument
        }
    }
}

/// What must be so, or is remembered.
package indirect enum ScriptStatement: Sendable {
    case mustHold(ScriptExpression, text: String)
    case assign(String, ScriptExpression)
    case nothing
}

/// An expression over `tcpi_*`, constants and variables.
package indirect enum ScriptExpression: Sendable {
    case number(Int64)
    case name(String)
    case text(String)
    case not(ScriptExpression)
    case minus(ScriptExpression)
    case operation(String, ScriptExpression, ScriptExpression)
}

/// What is wrong with a script, and where.
package struct ScriptProblem: Error, Hashable {
    package var line: Int
    package var column: Int
    package var message: String
    /// It may be right, and is nothing that can be run here.
    package var isUnsupported = false
}
