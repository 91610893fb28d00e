import SimNetwork

/// States of a run that going back begins at, at equal distances; when they take more than they may, every second one goes.
struct Keyframes {
    /// The state after an event, and the digest of all records up to it.
    struct Keyframe {
        var state: WorldState
        var digest: Digest
    }

    /// After each multiple of ``distance`` events.
    private var kept: [Keyframe]
    /// The event of the first.
    private var first = 0
    /// A multiple of ``RecordLog/chunkSize``.
    private var distance = RecordLog.chunkSize
    private let budget: Int
    private let keepsPast: Bool
    /// Bytes of memory that they take, at most: states share what did not change from one to the next.
    private(set) var bytes: Int

    /// Those of a run that has not begun.
    ///
    /// - Parameter memory: how many bytes they may take, of which the first and the last are kept in any case.
    init(_ beginning: Keyframe, _ memory: LogMemory) {
        kept = [beginning]
        bytes = beginning.state.approximateBytes
        (budget, keepsPast) = (memory.ofKeyframes, memory.keepsPast)
    }

    /// Whether one is due after so many events.
    @inline(__always)
    func isDue(after count: Int) -> Bool { count % RecordLog.chunkSize == 0 && count % distance == 0 }

    /// Adds the one that is due.
    mutating func append(_ keyframe: Keyframe) {
        kept.append(keyframe)
        bytes += keyframe.state.approximateBytes
        if !keepsPast {
            // As many as there are chunks that begin at one.
            while kept.count > 2 {
                bytes -= kept.removeFirst().state.approximateBytes
                first += distance
            }
        }
        while bytes > budget, kept.count > 2 {
            kept = stride(from: 0, to: kept.count, by: 2).map { kept[$0] }
            distance *= 2
            bytes = kept.reduce(0) { $0 + $1.state.approximateBytes }
        }
    }

    /// The latest at or before an event.
    func before(_ event: Int) -> Keyframe { kept[min((event - first) / distance, kept.count - 1)] }

    /// Those of the first events alone.
    func prefix(_ events: Int) -> Keyframes {
        var prefix = self
        prefix.kept = Array(kept.prefix((events - first) / distance + 1))
        prefix.bytes = prefix.kept.reduce(0) { $0 + $1.state.approximateBytes }
        return prefix
    }
}
