import CPrefetch
import PeerNetworking

/// A link as the world runs it: its two directions' properties and what is on them.
final class Link {
    /// One direction.
    struct Lane {
        // What is looked at for every segment comes first: of many links, each look costs a line of the cache.

        /// When the latest segment arrives: a link keeps the order of what it carries, unless it reorders or its latency is
        /// changed.
        var lastArrival: Int64 = 0
        /// How often it was cut: what was sent in one life must not arrive in another.
        var cuts: UInt32 = 0
        /// A segment takes its latency and nothing else can happen to it.
        private(set) var isPlain = true
        /// What it does to segments now.
        var properties: LinkProperties { didSet { refresh() } }
        /// The stable hash of the direction's name, which keys its draws.
        let subject: UInt64
        /// It carries nothing.
        var isCut = false { didSet { refresh() } }
        /// It holds back what it carries, whatever its hosts do.
        var isClogged = false { didSet { refresh() } }
        /// What is said of what lies behind it.
        var unreachable: Unreachability? { didSet { refresh() } }
        /// What the network says is dropped.
        var noticeDrop = Probability.never
        /// Segments of these moments are dropped.
        var moments: [(moment: ProtocolMoment, probability: Probability)] = [] { didSet { refresh() } }
        /// The Gilbert–Elliott chain is in its bad state.
        var isInBurst = false
        /// Properties that were changed since the run began.
        var shaped: [LinkShape.Kind] = []
        /// The queue before the line as it was last recorded.
        var queue: LinkState.Queue?
        /// The queue's length on the average, where its discipline asks for it.
        var average = AverageQueue()
        /// How long segments have waited in it, where its discipline asks for that.
        var delay = DelayControl()
        /// Until when the line sends what waits for it.
        var busyUntil: Int64 = 0
        /// When the latest segment arrives of those out of that order.
        private var latestStray: Int64 = 0
        /// It has held segments back since it was clogged.
        var holdsBack = false
        /// The largest MTU that connections may have been made with.
        private var largestMTU: Int32

        init(properties: LinkProperties, subject: UInt64) {
            self.properties = properties
            self.subject = subject
            largestMTU = properties.knownMTU
            refresh()
        }

        private mutating func refresh() {
            largestMTU = max(largestMTU, properties.knownMTU)
            isPlain =
                properties.isPlain && !isCut && !isClogged && unreachable == nil && moments.isEmpty
                && properties.mtu >= largestMTU
        }

        /// The way is another one from now on: what is sent next need not wait for what is on it.
        mutating func forgetOrder(at now: Int64) {
            strays(until: lastArrival)
            lastArrival = min(lastArrival, now)
        }

        /// A segment arrives out of the order.
        mutating func strays(until arrival: Int64) { latestStray = max(latestStray, arrival) }

        /// Whether nothing can be on it: so many links are empty that nobody looks for what is on each.
        func isEmpty(at now: Int64) -> Bool { lastArrival < now && latestStray < now && !holdsBack }

        /// Bytes that wait for the line, or are on it.
        func backlog(at now: Int64) -> Int64 {
            guard properties.bandwidth > 0, busyUntil > now else { return 0 }
            let product = (busyUntil - now).multipliedFullWidth(by: properties.bandwidth)
            let second: Int64 = 1_000_000_000
            return second.dividingFullWidth(product).quotient
        }
    }

    let id: LinkID
    let first: Host
    let second: Host
    /// By the direction's number. Not two properties between which an accessor chooses: one with two places to yield from
    /// reads wrong bytes in optimised builds (Swift 6.3.1).
    @exclusivity(unchecked) private var lanes: InlineArray<2, Lane>

    init(id: LinkID, first: Host, second: Host, forward: Lane, backward: Lane) {
        self.id = id
        self.first = first
        self.second = second
        lanes = [forward, backward]
    }

    /// Asks for what a segment needs of a direction of a link, where that is plain.
    @inline(__always)
    static func foresee(_ link: UnsafeRawPointer, _ direction: LinkDirection) {
        peerlab_prefetch(link, 40)
        // The directions lie behind the header, the number and the two hosts.
        peerlab_prefetch(link + 40 + Int(direction.rawValue) * MemoryLayout<Lane>.stride, 64)
    }

    var forward: Lane { self[.forward] }
    var backward: Lane { self[.backward] }

    subscript(direction: LinkDirection) -> Lane {
        @inline(__always)
        _read { yield lanes[Int(direction.rawValue)] }
        @inline(__always)
        _modify { yield &lanes[Int(direction.rawValue)] }
    }

    func sender(_ direction: LinkDirection) -> Host { direction == .forward ? first : second }
    func receiver(_ direction: LinkDirection) -> Host { direction == .forward ? second : first }
}

/// One link of a connection's path, and the direction in which the path takes it.
struct Hop {
    let link: Link
    let direction: LinkDirection
}
