import SimNetwork

/// States of a run that going back begins at, each between two chunks of its records; when they take more than they may,
/// every second one goes.
struct Keyframes {
    /// The state after an event, and the digest of all records up to it.
    struct Keyframe {
        var state: WorldState
        var digest: Digest
    }

    /// In the order of their events.
    private var kept: [Keyframe]
    /// From one to the next are so many chunks.
    private var distance = 1
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

    /// Whether one is due after the latest of the records.
    @inline(__always)
    func isDue(after records: RecordLog) -> Bool { records.isBetweenChunks && records.chunks % distance == 0 }

    /// Adds the one that is due.
    mutating func append(_ keyframe: Keyframe) {
        kept.append(keyframe)
        bytes += keyframe.state.approximateBytes
        if !keepsPast {
            // As many as there are chunks that begin at one.
            while kept.count > 2 {
                bytes -= kept.removeFirst().state.approximateBytes
            }
        }
        while bytes > budget, kept.count > 2 {
            kept = stride(from: 0, to: kept.count, by: 2).map { kept[$0] }
            distance *= 2
            bytes = kept.reduce(0) { $0 + $1.state.approximateBytes }
        }
    }

    /// The latest at or before an event.
    func before(_ event: Int) -> Keyframe { kept[max(0, count(upTo: event) - 1)] }

    /// How many are of events up to one.
    private func count(upTo event: Int) -> Int {
        var (low, high) = (0, kept.count)
        while low < high {
            let middle = (low + high) / 2
            if kept[middle].state.event <= event { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Those of the first events alone.
    func prefix(_ events: Int) -> Keyframes {
        var prefix = self
        prefix.kept = Array(kept.prefix(count(upTo: events)))
        prefix.bytes = prefix.kept.reduce(0) { $0 + $1.state.approximateBytes }
        return prefix
    }
}
