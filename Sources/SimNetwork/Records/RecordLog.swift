import Bug

/// The records of a timeline as bytes, in chunks that timelines with a common past share.
///
/// Before the first event stands a record of what was arranged before the run began: that of event 0. What ``LogKeeping``
/// it has decides which chunks stay in memory, which in a store, and which are gone.
public struct RecordLog: Sendable {
    /// Records in a chunk at most.
    public static let chunkSize = 10_000
    /// Bytes of records at which a chunk is closed, however few they are: an event of a large lab may have a megabyte.
    public static let chunkBytes = 8 << 20

    private(set) var full: [Chunk] = []
    /// The last event of each of them.
    private var lasts: [Int] = []
    private(set) var last = Open()
    private var arranged: [UInt8] = []
    private let keeping: LogKeeping
    /// The first full chunk that is in memory: those before it are in the store, or gone.
    private var firstHere = 0

    /// Bytes of memory that the records take.
    public private(set) var bytes = 0
    /// Bytes that the records take in a store.
    public private(set) var storedBytes = 0
    /// Whether the store has no room: what should leave memory stays there.
    public private(set) var isStoreFull = false

    /// Makes an empty log.
    ///
    /// - Parameter keeping: what of it stays, and where.
    public init(keeping: LogKeeping = .everything) {
        self.keeping = keeping
        var writer = RecordWriter()
        defer { writer.free() }
        writer.begin(RecordHead(time: 0, kind: .start, cause: 0, place: 0), number: 0)
        arranged = Array(writer.bytes)
    }

    /// How many events there are: the record of event n is that of n from 1, and that of 0 is what was arranged before.
    public var count: Int { lastClosed + last.count }
    /// How many of them are in chunks that are closed.
    private var lastClosed: Int { lasts.last ?? 0 }
    /// How many chunks are closed.
    package var chunks: Int { full.count }
    /// Whether the latest record has closed one, or there is none yet.
    package var isBetweenChunks: Bool { last.count == 0 }

    /// The first event of which there is a record; 1 where none is gone.
    public var first: Int {
        switch keeping {
        case .latest: lastEvent(before: firstHere) + 1
        case .everything, .stored: 1
        }
    }

    /// The record of an event.
    ///
    /// - Parameter number: 0, or ``first``…``count``.
    public subscript(event number: Int) -> EventRecord {
        withBytes(of: number) { EventRecord($0, number: number) }
    }

    /// What the record of an event says before its changes, of which it has none: read in a fraction of the time.
    ///
    /// - Parameter number: as of the whole record.
    package func head(ofEvent number: Int) -> EventRecord {
        withBytes(of: number) { EventRecord($0, number: number, withChanges: false) }
    }

    /// The time of an event in nanoseconds.
    ///
    /// - Parameter number: 0, or ``first``…``count``.
    public func time(ofEvent number: Int) -> Int64 {
        withBytes(of: number) { bytes in
            var reader = RecordReader(bytes)
            return reader.head(number: number).time
        }
    }

    /// The bytes of an event's record.
    @inline(__always)
    func withBytes<Result>(of number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        insist(number >= 0 && number <= count && (number == 0 || number >= first), "no record of event \(number)")
        guard number > 0 else { return arranged.withUnsafeBytes(body) }
        if number > lastClosed { return last.withBytes(of: number - lastClosed - 1, body) }
        let chunk = chunk(of: number)
        return full[chunk].withBytes(of: number - lastEvent(before: chunk) - 1, body)
    }

    /// The last event before a closed chunk, or before the open one.
    private func lastEvent(before chunk: Int) -> Int { chunk == 0 ? 0 : lasts[chunk - 1] }

    /// Which closed chunk has an event's record.
    private func chunk(of number: Int) -> Int {
        // Where none before it was closed early, it is this one.
        var low = (number - 1) / Self.chunkSize
        if number <= lasts[low] { return low }
        var high = lasts.count - 1
        while low < high {
            let middle = (low + high) / 2
            if lasts[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether an event's record is, byte for byte, what it is in another log.
    ///
    /// - Parameter number: an event of both.
    package func isSame(_ number: Int, in other: RecordLog) -> Bool {
        withBytes(of: number) { bytes in other.withBytes(of: number) { bytes.elementsEqual($0) } }
    }

    /// Whether an event's record says what another's does in another log, whatever the numbers of their causes and the
    /// places at which they were pending.
    ///
    /// - Parameters:
    ///   - number: an event of this log.
    ///   - otherNumber: an event of the other.
    package func isAlike(_ number: Int, _ otherNumber: Int, in other: RecordLog) -> Bool {
        withBytes(of: number) { bytes in
            other.withBytes(of: otherNumber) { otherBytes in
                var (reader, otherReader) = (RecordReader(bytes), RecordReader(otherBytes))
                var head = reader.head(number: number)
                let otherHead = otherReader.head(number: otherNumber)
                (head.cause, head.place) = (otherHead.cause, otherHead.place)
                return head == otherHead && reader.rest.elementsEqual(otherReader.rest)
            }
        }
    }

    // MARK: Adding

    /// Puts what was arranged before the first event in its place.
    mutating func arrange(_ record: UnsafeRawBufferPointer) {
        insist(count == 0, "arranged after \(count) events")
        arranged = Array(record)
    }

    /// Adds the next event's record.
    mutating func append(_ record: UnsafeRawBufferPointer) {
        if last.count == 0 { last.reserve(like: full.last) }
        last.append(record)
        bytes += record.count + Open.bytesOfEnd
        guard last.count == Self.chunkSize || last.bytes.count >= Self.chunkBytes else { return }
        lasts.append(count)
        full.append(Chunk(closing: last))
        last = Open()
        keep()
    }

    /// Lets go of what is not to stay in memory.
    private mutating func keep() {
        switch keeping {
        case .everything: break
        case .latest:
            while firstHere < full.count - 1 {
                bytes -= full[firstHere].size
                full[firstHere] = .gone
                firstHere += 1
            }
        case .stored(let store, let limit): put(into: store, beyond: limit)
        }
    }

    /// Lets all chunks that are closed leave memory, where they have a store to leave for.
    package mutating func putAway() {
        if case .stored(let store, _) = keeping { put(into: store, beyond: 0) }
    }

    private mutating func put(into store: any RecordStore, beyond limit: Int) {
        while bytes > limit, firstHere < full.count {
            let size = full[firstHere].size
            guard let stored = full[firstHere].stored(in: store) else {
                isStoreFull = true
                return
            }
            full[firstHere] = stored
            isStoreFull = false
            bytes -= size
            storedBytes += full[firstHere].size
            firstHere += 1
        }
    }

    /// Adds a record that was seen elsewhere than in a simulation.
    ///
    /// - Parameter record: its number is the next one.
    package mutating func append(_ record: EventRecord) {
        insist(record.number == count + 1, "event \(record.number) recorded after event \(count)")
        var writer = RecordWriter()
        defer { writer.free() }
        writer.begin(
            RecordHead(
                time: record.time, kind: record.kind, host: record.host, connection: record.connection,
                process: record.process, cause: record.cause, place: record.place), number: record.number)
        for change in record.changes { writer.write(change) }
        append(writer.bytes)
    }

    /// The log of the first events alone.
    package func prefix(_ events: Int) -> RecordLog {
        guard events < count else { return self }
        var log = self
        let chunks = events < lastClosed ? chunk(of: events + 1) : full.count
        let rest = events - lastEvent(before: chunks)
        let open = chunks < full.count ? full[chunks].prefix(rest) : last.prefix(rest)
        log.full = Array(full.prefix(chunks))
        log.lasts = Array(lasts.prefix(chunks))
        log.last = open
        log.firstHere = min(firstHere, chunks)
        log.storedBytes = log.full.prefix(log.firstHere).reduce(0) { $0 + $1.size }
        log.bytes = log.full.dropFirst(log.firstHere).reduce(open.size) { $0 + $1.size }
        return log
    }

    // MARK: Looking for

    /// The number of the last event at or before a time, in nanoseconds; 0 when there is none, and that before the first
    /// of which there is a record where all those are later.
    package func lastEvent(atOrBefore time: Int64) -> Int {
        var low = first - 1
        var high = count
        while low < high {
            let middle = (low + high + 1) / 2
            if self.time(ofEvent: middle) <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

extension Digest {
    /// Takes in the records after an event up to another.
    package mutating func mix(_ log: RecordLog, after event: Int, upTo end: Int) {
        for number in stride(from: event + 1, through: end, by: 1) { log.withBytes(of: number) { mix($0) } }
    }
}
