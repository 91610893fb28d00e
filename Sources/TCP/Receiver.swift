import NIOCore

/// What has come, and what is told of it: the window, gaps, times.
@usableFromInline
package struct Receiver {
    // Members stand so that nothing is padded: a large lab has many of these.

    package internal(set) var buffer = ReceiveBuffer()
    // No window comes to 2³¹ bytes (RFC 7323, 2.3).
    private var toldBytes: Int32 = 0
    /// The right edge of the window that was last told.
    package internal(set) var edge: Int64 = 1
    /// What was acknowledged last.
    private(set) var acknowledged: Int64 = 1
    /// When that came.
    var recentAt: Int64 = 0
    /// What an end has where something did not come in order.
    private var disorder = Rare<Disorder>()
    /// How large the buffer is.
    package var tuning: ReceiveTuning
    /// The other side's initial number.
    package internal(set) var initial: UInt32 = 0
    /// When what has come is acknowledged.
    var acknowledging = Acknowledging()
    /// Payload bytes that this end takes in a segment, and says so in its SYN.
    let segmentSize: Int32
    /// The other side's clock, of the segment that was acknowledged last; nil without timestamps.
    var recent: UInt32?
    /// By how many bits the windows that are told are shifted.
    package internal(set) var scale: UInt8 = 0
    /// The other side's FIN has been received in order: after the bytes that are left, the stream ends.
    package private(set) var isAtEnd = false
    /// The other side has sent data beyond any window that it was told of.
    package internal(set) var isOverrun = false
    /// The acknowledgement that is wanted tells of room in the buffer.
    var isWindowUpdate = false
    /// Gaps are told by ranges.
    var tellsBlocks = false

    /// Blocks that a header has room for; one less beside timestamps.
    private static let mostBlocks = 4

    /// What came out of order.
    private struct Disorder: Blank {
        /// The blocks beyond gaps, those that grew last first.
        var blocks: [Range<Int64>] = []
        /// What has come twice, and was not told yet.
        var duplicate: Range<Int64>?
        /// The offset of a FIN that came ahead of a gap.
        var finAhead: Int64?
    }

    init(_ options: TCPOptions, segmentSize: Int32) {
        self.segmentSize = segmentSize
        tuning = ReceiveTuning(options)
    }

    /// The next offset that is missing.
    package var next: Int64 { buffer.next }

    /// The handshake has agreed on scaling: the windows told so far were without it.
    mutating func agree(scale: UInt8) { self.scale = scale }

    // MARK: The window

    /// The window in bytes by what is free: all of it, or nothing where that is less than a segment (RFC 9293, 3.8.6.2.2;
    /// Linux's `__tcp_select_window`).
    @inline(__always)
    private func selected(segmentSize: Int32) -> Int64 {
        let all = Int64(tuning.size)
        let free = max(0, all - Int64(buffer.count))
        let segment = min(Int64(segmentSize), all)
        var window = free
        if free < all / 2, free < all >> 4 || free < segment {
            window = 0
        } else if scale > 0 {
            window = (free + unit - 1) & -unit
        } else {
            window = told
            if told <= free - segment || told > free {
                window = free / segment * segment
            } else if segment == all, free > told + all / 2 {
                window = free
            }
        }
        return window
    }

    /// The window that was told last; 0 before any was.
    private var told: Int64 {
        @inline(__always) get { Int64(toldBytes) }
        @inline(__always) set { toldBytes = Int32(truncatingIfNeeded: newValue) }
    }

    /// What the windows that are told are multiples of: a power of two.
    @inline(__always)
    private var unit: Int64 { 1 &<< Int64(scale) }

    /// The same, and never less than is left of what was told before.
    @inline(__always)
    private func window(segmentSize: Int32) -> Int64 {
        let left = max(0, edge - next)
        // Rounded up, as far as the buffer holds it: else the window would creep on with each segment that is no unit.
        let most = Int64(mostHeld - buffer.count)
        let rounded = (left + unit - 1) & -unit
        return max(selected(segmentSize: segmentSize), rounded <= most ? rounded : left & -unit)
    }

    /// The window as a header tells it, and takes note that it was told.
    @inline(__always)
    mutating func tellWindow(segmentSize: Int32, isSyn: Bool) -> UInt16 {
        if isSyn {
            // Whole segments, as far as there is room for one (`tcp_select_initial_window`).
            let (size, segment) = (Int64(tuning.size), Int64(segmentSize))
            let window = min(size > segment ? size / segment * segment : size, 65_535)
            edge = max(edge, next + window)
            told = window
            return UInt16(window)
        }
        let window = min(window(segmentSize: segmentSize), 65_535 &<< Int64(scale)) & -unit
        edge = max(edge, next + window)
        (told, acknowledged) = (window, next)
        return UInt16(clamping: window &>> Int64(scale))
    }

    /// Bytes that it may hold, at most: the buffer's, and what the unit of a scaled window adds to them.
    package var mostHeld: Int { Int(tuning.size) + Int(unit) - 1 }

    /// Whether what is free would be told as a window not less than the one that was told last.
    @inline(__always)
    func isWindowAsLarge(segmentSize: Int32) -> Bool {
        selected(segmentSize: segmentSize) >= told
    }

    /// The application has read: its buffer follows how much it takes.
    @inline(__always)
    mutating func tune(_ smoothed: Int64?, _ shared: SharedTCPOptions, at now: Int64) {
        let total = next - 1 - Int64(buffer.count)
        // An initial window grows nothing.
        guard total > ReceiveTuning.least else { return }
        let ahead = disorder.isBlank ? 0 : (blocks.first?.upperBound ?? next) - next
        tuning.take(total, ahead: ahead, smoothed: smoothed, segmentSize: segmentSize, shared, at: now)
    }

    /// Bytes that have come and are not acknowledged.
    var unacknowledged: Int64 { next - acknowledged }

    /// The application has read.
    mutating func hasRead(segmentSize: Int32) {
        guard !isAtEnd else { return }
        if acknowledging.goesOnRead(bytes: unacknowledged, isAllRead: buffer.count == 0) {
            return acknowledging.wantsAtOnce()
        }
        // A window that would be twice as large is told (`__tcp_cleanup_rbuf`), as far as a header can tell it.
        let left = max(0, edge - next)
        let window = min(window(segmentSize: segmentSize), 65_535 &<< Int64(scale))
        if window > 0, window >= 2 * left {
            isWindowUpdate = !acknowledging.isPending
            acknowledging.wantsAtOnce()
        }
    }

    // MARK: Gaps

    private var blocks: [Range<Int64>] {
        get { disorder[\.blocks] }
        set { disorder[\.blocks] = newValue }
    }

    private var duplicate: Range<Int64>? {
        get { disorder[\.duplicate] }
        set { disorder[\.duplicate] = newValue }
    }

    /// The offset of a FIN that came ahead of a gap.
    private(set) var finAhead: Int64? {
        get { disorder.ask { $0.finAhead } ?? nil }
        set { disorder[\.finAhead] = newValue }
    }

    /// Bytes have come.
    mutating func take(_ bytes: ByteBuffer, at offset: Int64) -> ReceiveBuffer.Insertion {
        let insertion = buffer.insert(bytes, at: offset, limit: finAhead ?? .max)
        if disorder.isBlank, insertion.ahead == nil, insertion.duplicate == nil { return insertion }
        if let block = insertion.ahead { note(block) }
        if insertion.inOrder > 0, !blocks.isEmpty { blocks = blocks.filter { [next] in $0.lowerBound >= next } }
        if let range = insertion.duplicate, !range.isEmpty { duplicate = withFin(range) }
        return insertion
    }

    /// Bytes lie beyond a gap, the newest of all.
    private mutating func note(_ bytes: Range<Int64>) {
        let block = withFin(bytes)
        blocks.removeAll {
            $0.overlaps(block) || block.lowerBound == $0.upperBound || block.upperBound == $0.lowerBound
        }
        blocks.insert(block, at: 0)
        if blocks.count > Self.mostBlocks { blocks.removeLast() }
    }

    /// A FIN behind the bytes of a range belongs to it: it has a number, too.
    private func withFin(_ range: Range<Int64>) -> Range<Int64> {
        range.upperBound == finAhead ? range.lowerBound..<range.upperBound + 1 : range
    }

    /// A FIN has come, maybe beyond a gap.
    ///
    /// - Parameter isBare: nothing has come with it.
    mutating func noteFin(at fin: Int64, isBare: Bool) {
        let isNew = finAhead == nil
        finAhead = fin
        guard fin > next else { return }
        if isNew {
            note((blocks.first { $0.upperBound == fin }?.lowerBound ?? fin)..<fin)
        } else if isBare {
            duplicate = fin..<fin + 1
        }
    }

    /// The FIN is in order: the stream is at its end.
    mutating func takeFin() {
        buffer.countFin()
        finAhead = nil
        isAtEnd = true
        blocks = []
    }

    /// Something old has come that has no new bytes.
    mutating func noteDuplicate(_ range: Range<Int64>) { duplicate = range }

    /// The ranges that a header tells, and takes note that they were told; nil for none.
    mutating func tellBlocks() -> SegmentOptions? {
        guard tellsBlocks, hasNews else { return nil }
        let most = recent == nil ? Self.mostBlocks : Self.mostBlocks - 1
        let told = ([duplicate].compactMap(\.self) + blocks).prefix(most).map { range in
            SegmentOptions.Block(
                start: SequenceNumber.wire(range.lowerBound, from: initial),
                end: SequenceNumber.wire(range.upperBound, from: initial))
        }
        duplicate = nil
        return SegmentOptions(blocks: told)
    }

    /// Whether an acknowledgement tells more than a number.
    @inline(__always)
    var hasNews: Bool { !disorder.isBlank && (duplicate != nil || !blocks.isEmpty) }
}
