package import TCP

/// A TCP under test: the simulated one, or the kernel's. Times are in nanoseconds from the beginning of the script.
package protocol DrillStack: AnyObject {
    /// The time now.
    var now: Int64 { get }
    /// Lets the time come; what the stack sends meanwhile is kept.
    func wait(until time: Int64) throws(DrillFailure)
    /// A segment comes to the stack from the script's side.
    func take(_ segment: TCPSegment) throws(DrillFailure)
    /// The network says something of a segment that the stack has sent.
    func take(_ notice: DrillNotice) throws(DrillFailure)
    /// The next segment that the stack sends, and when it did; nil where none comes up to a time.
    func next(until time: Int64) throws(DrillFailure) -> (segment: TCPSegment, at: Int64)?
    /// Segments that it has sent and that ``next(until:)`` has not given yet.
    var untaken: Int { get }
    /// Calls the stack as an application does.
    ///
    /// - Returns: nil where the call waits: ``finished`` tells when it is back.
    func call(_ call: ScriptCall) throws(DrillFailure) -> CallOutcome?
    /// Gives a call that waits the time to be back, where that takes some though nothing more has to come.
    func letCallReturn() throws(DrillFailure)
    /// What the call that waited gave back, and when.
    func finished() -> (outcome: CallOutcome, at: Int64)?
    /// `TCP_INFO` of the connection that was opened last, by the names of its fields.
    func information() throws(DrillFailure) -> [String: Int64]
    /// How late a timer of so many nanoseconds may come, and never early: the grain of the stack's clock.
    func grain(ofTimer wait: Int64) -> Int64
    /// How late what the script sends went out, in nanoseconds: the worst; 0 for a stack whose time is virtual.
    var lateness: Int64 { get }
    /// Ends all that is open.
    func close()
}

/// What the network says of a segment (ICMP, RFC 792).
package enum DrillNotice: Hashable, Sendable {
    /// A link takes packets of so many bytes.
    case tooBig(mtu: Int64, number: UInt32)
    case unreachable(isNetwork: Bool, number: UInt32)
}

/// What a call gave back.
package struct CallOutcome: Hashable, Sendable {
    package var result: Int64
    /// The name of the error: `EAGAIN`.
    package var error: String?

    package init(_ result: Int64, _ error: String? = nil) { (self.result, self.error) = (result, error) }
}

/// Why a script cannot be gone on with.
package enum DrillFailure: Error, Hashable {
    /// Something that is no part of this stack.
    case unsupported(String)
    /// The machine does not let it be done.
    case machine(String)
}
