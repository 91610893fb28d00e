/// The families of the fault catalogue, by the names of lab files, commands, events and reports.
///
/// Records, and so digests, know a family by its place: a new one comes last, or the engine's version rises.
public enum FaultFamily: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    // Links
    /// A link carries nothing; each direction may be cut alone.
    case cut = "cut"
    /// Segments take longer, or take another distribution of times.
    case latency = "latency"
    /// One ordered pair of hosts has a longer way.
    case slowPair = "slow-pair"
    /// A link carries so many bytes a second, and its queue holds so many.
    case bandwidth = "bandwidth"
    /// A link takes packets up to a size.
    case mtu = "mtu"
    /// A link loses segments.
    case loss = "loss"
    /// A link delivers segments twice.
    case duplicate = "duplicate"
    /// A link lets segments overtake others.
    case reorder = "reorder"
    /// A link damages segments.
    case corrupt = "corrupt"
    /// A link or host holds bytes back; all arrive afterwards, in order.
    case clog = "clog"
    /// Two groups of hosts do not hear each other.
    case partition = "partition"
    /// Hosts are clogged one after the other and released in another order.
    case swizzle = "swizzle"
    /// A host or a link is reported unreachable.
    case unreachable = "unreachable"

    // Connecting
    /// Connections are refused.
    case refuse = "refuse"
    /// SYNs are ignored.
    case connectHang = "connect-hang"
    /// A listener's backlog is full.
    case backlogFull = "backlog-full"
    /// A name does not resolve.
    case nameError = "name-error"

    // Connections
    /// A connection is closed under its application.
    case close = "close"
    /// A connection is reset at both ends.
    case reset = "reset"
    /// One direction of a connection ends.
    case halfClose = "half-close"
    /// One end of a connection is gone without a word.
    case halfOpen = "half-open"
    /// Reads give few bytes.
    case shortRead = "short-read"
    /// Writes take few bytes.
    case shortWrite = "short-write"
    /// A process reads slowly.
    case slowReader = "slow-reader"

    // Processes and hosts
    /// A process ends by itself.
    case processExit = "process-exit"
    /// A process is killed.
    case processKill = "process-kill"
    /// A process is stopped; its kernel goes on.
    case pause = "pause"
    /// A paused process goes on.
    case resume = "resume"
    /// A process is started again.
    case restart = "restart"
    /// A host loses power: silence.
    case powerLoss = "power-loss"
    /// A host gets its power back.
    case powerOn = "power-on"
    /// A host's clock is off, or runs fast or slow.
    case clockSkew = "clock-skew"
    /// A host's timers go off late.
    case slowTimers = "slow-timers"
    /// A host runs out of sockets, buffer memory or ports.
    case exhaust = "exhaust"

    // Segments
    /// A segment is dropped: by hand, or because of what it is for.
    case drop = "drop"
    /// A segment is delayed by hand.
    case delay = "delay"

    // All
    /// All faults are healed.
    case healAll = "heal-all"
    /// A site or a single draw is forced or vetoed.
    case override = "override"

    // Segments, which came later
    /// A segment is delivered at once, by hand.
    case deliver = "deliver"

    // The way, what came later
    /// A link or a host lets nothing through that the network says.
    case icmpDrop = "icmp-drop"
    /// A router keeps the connections that go through it, and forgets them.
    case nat = "nat"
    /// What the queue before a line does when it fills.
    case queue = "queue"

    // Kernels
    /// An option of a kernel or of a connection's end is set.
    case sysctl = "sysctl"

    // Draws
    /// What is drawn from then on has another seed.
    case reseed = "reseed"

    /// The name in lab files and reports.
    public var description: String { rawValue }
}
