import NIOCore

/// What is to be sent: the stream, how far it was sent and acknowledged, and what the other side will take.
@usableFromInline
package struct Sender {
    // Members stand so that nothing is padded: what is small fills up what is behind a larger one. A large lab has many of these.

    @usableFromInline
    package internal(set) var buffer = SendBuffer()
    /// The first offset that is not acknowledged (SND.UNA).
    @usableFromInline
    package internal(set) var unacknowledged: Int64 = 0
    /// The next offset to be sent (SND.NXT).
    @usableFromInline
    package internal(set) var next: Int64 = 0
    /// The number of the segment that the window was taken from (SND.WL1), as an offset.
    var windowOffset: Int64 = 0
    /// Where the last small segment ended (Minshall's form of Nagle's rule).
    var smallEnd: Int64 = 0
    /// Where the bytes end that waited when `TCP_NODELAY` was set: they go at once, corked or not.
    var atOnceEnd: Int64 = 0
    /// When data were sent last.
    var lastSent: Int64 = 0
    /// Where the round trip ends whose use of the congestion window is counted.
    var usageEnd: Int64 = 0
    /// When the window was all used last.
    var usedAt: Int64 = 0
    /// Segments of the stream that were sent so far, repeats among them.
    private var transmissions: Int64 = 0
    /// What was sent and is not acknowledged.
    var sent = SentQueue()
    /// By how many bits the other side's windows are shifted.
    var scale: UInt8 = 0
    /// The application has closed its half: a FIN follows the last byte.
    @usableFromInline
    package internal(set) var isClosing = false
    /// Small segments go without waiting.
    var noDelay: Bool
    /// Small segments wait for more.
    var isCorked: Bool
    /// More is to follow what was written last.
    var isMoreToCome = false
    /// What goes now goes because the application has written it, and not because there is room again.
    var isWriting = false
    /// Where what was written ends.
    var pushes = PushMarks()
    /// Bytes that the buffer holds.
    @usableFromInline
    package internal(set) var room: Int32
    /// This side's initial number.
    package let initial: UInt32
    /// Payload bytes of a segment, at most, without what its options take.
    var segmentSize: Int32
    /// What both ends have agreed on: more it never is.
    private(set) var agreedSize: Int32
    /// The most segments under way in this round trip: of the congestion window, so much was used of late (RFC 2861, as Linux has
    /// it).
    var mostUnderWay: Int32 = 0
    /// The most segments under way since the window was all used.
    var used: Int32 = 0
    /// Segments that are still to come of those that go to the device as one; and whether it is one alone.
    private var burst: (left: Int32, isMany: Bool) = (0, false)
    // No window comes to 2³¹ bytes (RFC 7323, 2.3).
    private var windowBytes: Int32 = 0
    private var greatestWindowBytes: Int32 = 0
    /// The window was what bounded the sender.
    var isWindowLimited = false

    init(_ options: TCPOptions, initial: UInt32, segmentSize: Int32) {
        self.initial = initial
        self.segmentSize = segmentSize
        agreedSize = segmentSize
        room = options.sendBuffer
        noDelay = options.noDelay
        isCorked = options.cork
    }

    /// The buffer was full, and the congestion window has room for more than it holds: it holds two windows from now on
    /// (`tcp_sndbuf_expand`).
    mutating func grow(window: Int32, underWay: Int32, _ reordering: Int32, _ options: borrowing TCPOptions) {
        guard !options.isSendBufferFixed, underWay < window else { return }
        let segments = Int64(max(TCPOptions.usualWindow, window, reordering + 1))
        let wanted = 2 * segments * Self.memory(ofSegment: segmentSize)
        room = max(room, Int32(clamping: min(wanted, Int64(options.greatestSendBuffer))))
    }

    /// What a segment takes of a kernel's memory, in bytes: what it carries and its headers in a power of two, and what describes
    /// it (`tcp_sndbuf_expand`; the headers' 320, `skb_shared_info`'s 320 and `sk_buff`'s 256 on 64 bits).
    private static func memory(ofSegment size: Int32) -> Int64 {
        var rounded: Int64 = 1
        while rounded < Int64(size) + 640 { rounded *= 2 }
        return rounded + 256
    }

    /// The other side takes no more in a segment.
    mutating func agree(segmentSize: Int32) {
        agreedSize = min(agreedSize, max(segmentSize, TCPOptions.leastSegment))
        self.segmentSize = agreedSize
    }

    /// Whether the next segment is the first of a burst.
    var beginsBurst: Bool { burst.left <= 0 }

    /// Counts a segment of a burst.
    ///
    /// - Parameter size: how many it has, where this is its first.
    /// - Returns: whether it is the last of several.
    @inline(__always)
    mutating func countOfBurst(_ size: Int32) -> Bool {
        if beginsBurst { burst = (size, size > 1) }
        burst.left -= 1
        return burst.left <= 0 && burst.isMany
    }

    mutating func countTransmission() -> Int64 {
        transmissions += 1
        return transmissions
    }

    /// A segment of new bytes goes out.
    @inline(__always)
    mutating func append(
        _ range: Range<Int64>, at now: Int64, deliveredBefore: Int32, _ marks: SentQueue.Entry.Marks
    ) {
        sent.append(
            SentQueue.Entry(
                range, at: now, transmission: countTransmission(), deliveredBefore: deliveredBefore, marks))
        next = range.upperBound
    }

    /// Segments under way, those that are known to have come or to be lost apart (RFC 6675's pipe, in segments).
    @inline(__always)
    func underWay(_ recovery: LossRecovery) -> Int32 {
        Int32(sent.count) - recovery.sacked - recovery.lost + recovery.repeating
    }

    /// Whether there is something that was never sent.
    @inline(__always)
    var hasUnsent: Bool { next < buffer.end || (isClosing && next == buffer.end) }

    /// Bytes that the other side will take beyond ``unacknowledged`` (SND.WND).
    package internal(set) var window: Int64 {
        @inline(__always) get { Int64(windowBytes) }
        @inline(__always) set { windowBytes = Int32(truncatingIfNeeded: newValue) }
    }

    /// The most that it ever would.
    var greatestWindow: Int64 {
        @inline(__always) get { Int64(greatestWindowBytes) }
        @inline(__always) set { greatestWindowBytes = Int32(truncatingIfNeeded: newValue) }
    }

    /// The offset after the last that the other side will take.
    @inline(__always)
    var windowEnd: Int64 { unacknowledged + window }

    /// The length of the next segment of new bytes, `full` at most; nil where it has to wait: for the window, or for more to go
    /// with it (RFC 9293, 3.7.4 and 3.8.6.2.1).
    @inline(__always)
    func nextLength(full: Int64, isForced: Bool = false) -> Int64? {
        let waiting = buffer.end - next
        if waiting == 0 { return isClosing ? 0 : nil }
        let room = windowEnd - next
        var length = min(waiting, full)
        if let end = pushes.recordEnd(behind: next) { length = min(length, end - next) }
        guard length <= room else { return nil }
        // What is not the last waits for nothing (`tcp_write_xmit`).
        if length == full || length < waiting || isForced { return length }
        return holdsSmall ? nil : length
    }

    /// Whether the last bytes written wait where they fill no segment: for more, or for the small one before them.
    @inline(__always)
    var holdsSmall: Bool {
        // The last bytes before a FIN go at once.
        if isClosing || next < atOnceEnd { return false }
        if isCorked || (isMoreToCome && isWriting) { return true }
        return !noDelay && !sent.isEmpty && smallEnd > unacknowledged && smallEnd <= next
    }

    /// Bytes that wait now go at once, corked or not.
    mutating func pushAll() { atOnceEnd = buffer.end }
}
