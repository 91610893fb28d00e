// How large segments may be on the way: what the network says of it, and what is found out where it says nothing.
extension TCPEndpoint {
    /// A segment was larger than a link of the way takes: what is too large goes again, in smaller ones
    /// (`tcp_v4_mtu_reduced`, `tcp_simple_retransmit`).
    ///
    /// - Parameter maximumSegmentSize: payload bytes that the link takes.
    package mutating func fragmentationNeeded(maximumSegmentSize: Int32, at now: Int64) {
        guard isSynchronised, maximumSegmentSize < sender.segmentSize else { return }
        change { $0.learn(max(maximumSegmentSize, TCPOptions.leastSegment), at: now) }
        resendWhatIsTooLarge()
    }

    private mutating func change(_ body: (inout PathMTU) -> Void) {
        let agreed = sender.agreedSize
        sender.segmentSize = path.change { known in
            body(&known)
            return known.size(agreed: agreed)
        }
    }

    /// What the options of each segment take.
    private var optionBytes: Int32 { usesTimestamps ? Self.timestampBytes : 0 }

    // MARK: The search (`tcp_mtu_probing`)

    /// The connection is open: it may search from the beginning (`tcp_mtup_init`).
    ///
    /// - Parameter isPassive: it was asked for. Linux goes on with full segments then, until something else is learnt.
    mutating func beginSearching(isPassive: Bool, at now: Int64) {
        guard shared.options.mtuProbing == .always else { return }
        let size = sender.segmentSize
        search(from: shared.options.baseSegment, at: now)
        if isPassive { sender.segmentSize = size }
    }

    private mutating func search(from payload: Int32, at now: Int64) {
        let (low, high) = (payload + optionBytes, min(sender.agreedSize, path.members?.told ?? .max))
        change { $0.search = PathMTU.Search(low: low, high: high, since: now) }
    }

    /// Repeats have gone on for so long that full segments may vanish on the way: smaller ones are tried
    /// (`tcp_mtu_probing()`).
    mutating func suspectBlackHole(at now: Int64) {
        guard shared.options.mtuProbing != .never else { return }
        guard let low = path.members?.search?.low else { return search(from: shared.options.baseSegment, at: now) }
        let half = max(min(shared.options.baseSegment, (low - optionBytes) / 2), TCPOptions.leastSegment)
        let options = optionBytes
        change { $0.search?.low = half + options }
    }

    /// A turn of what is sent next.
    enum SearchTurn {
        /// The search has nothing to send: what is to go goes as usual.
        case passes
        /// Nothing goes until there is room for a probe.
        case waits
        /// A probe of so many bytes of payload goes.
        case probes(Int64)
    }

    /// Whether a larger size is tried with what goes next (`tcp_mtu_probe`).
    @inline(never)
    mutating func turnOfSearch(at now: Int64) -> SearchTurn {
        // What is written goes segment by segment while there is room (`tcp_push_one`).
        guard let known = path.members, !sender.isWriting else { return .passes }
        if now >= known.toldUntil { change { $0.forgetTold() } }
        guard let search = known.search, search.probed == 0, recovery.state == .open, congestion.window >= 11,
            !receiver.hasNews
        else { return .passes }
        guard search.high - search.low >= PathMTU.Search.least else {
            if now - search.since >= PathMTU.Search.repeatsAfter {
                let (size, agreed) = (sender.segmentSize, sender.agreedSize)
                change { $0.search = PathMTU.Search(low: size, high: agreed, since: now) }
            }
            return .passes
        }
        let probe = Int64(search.middle - optionBytes)
        let needed = probe + Int64(recovery.reordering + 1) * fullSegment
        guard sender.buffer.end - sender.next >= needed, sender.window >= needed else { return .passes }
        if sender.next + needed > sender.windowEnd { return .waits }
        if underWay + 2 > congestion.window { return underWay == 0 ? .passes : .waits }
        return .probes(probe)
    }

    /// A probe has gone: it stands for two segments.
    mutating func probed(_ range: Range<Int64>) {
        congestion.window -= 1
        let size = Int32(range.upperBound - range.lowerBound) + optionBytes
        change {
            $0.search?.probed = size
            $0.search?.probe = range
        }
    }

    /// What goes again makes a probe say nothing.
    mutating func spoilProbe() {
        guard !path.isBlank, let probed = path.members?.search?.probed, probed > 0 else { return }
        change { $0.search?.probed = 0 }
    }

    /// A probe has come through (`tcp_mtup_probe_success`).
    mutating func settleProbe(at now: Int64) {
        guard let search = path.members?.search, search.probed > 0, search.probe.upperBound <= sender.unacknowledged
        else {
            return
        }
        let headers = Int64(TCPOptions.headerBytes)
        recovery.priorThreshold = congestion.currentThreshold(isReducing: recovery.isReducing)
        let bytes = Int64(congestion.window) * (fullSegment + Int64(optionBytes) + headers)
        congestion.window = Int32(max(1, bytes / (Int64(search.probed) + headers)))
        congestion.forgetCount()
        congestion.threshold = congestion.currentThreshold(isReducing: recovery.isReducing)
        change {
            $0.search?.low = search.probed
            $0.search?.probed = 0
        }
    }

    /// What is lost is the probe: it says nothing of congestion (`tcp_mtup_probe_failed`).
    ///
    /// - Returns: whether it is.
    mutating func losesProbe() -> Bool {
        guard let search = path.members?.search, search.probed > 0, search.probe.lowerBound == sender.unacknowledged,
            recovery.state == .open || recovery.state == .disorder
        else { return false }
        change {
            $0.search?.high = search.probed - 1
            $0.search?.probed = 0
        }
        congestion.window += 1
        resendWhatIsTooLarge()
        return true
    }
}
