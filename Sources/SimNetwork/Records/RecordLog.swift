/// The records of a timeline as bytes, in chunks that timelines with a common past share.
///
/// Before the first event stands a record of what was arranged before the run began: that of event 0.
public struct RecordLog: Sendable {
    /// Records in a chunk, and events between two keyframes.
    public static let chunkSize = 10_000

    /// Records one behind the other, and where each ends.
    private struct Chunk: Sendable {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []

        var count: Int { ends.count }

        func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) }

        func prefix(_ count: Int) -> Chunk {
            guard count < ends.count else { return self }
            let end = count == 0 ? 0 : Int(ends[count - 1])
            return Chunk(bytes: Array(bytes[..<end]), ends: Array(ends[..<count]))
        }
    }

    private var full: [Chunk] = []
    private var last = Chunk()
    private var arranged: [UInt8] = []

    /// Makes an empty log.
    public init() {
        var writer = RecordWriter()
        defer { writer.free() }
        writer.begin(RecordHead(time: 0, kind: .start, cause: 0, place: 0), number: 0)
        arranged = Array(writer.bytes)
    }

    /// How many events there are: the record of event n is that of n from 1, and that of 0 is what was arranged before.
    public var count: Int { full.count * Self.chunkSize + last.count }

    /// Bytes that the records take.
    public var bytes: Int {
        full.reduce(last.bytes.count + 4 * last.count) { $0 + $1.bytes.count + 4 * $1.count }
    }

    /// The record of an event.
    ///
    /// - Parameter number: 0…``count``.
    public subscript(event number: Int) -> EventRecord {
        withBytes(of: number) { EventRecord($0, number: number) }
    }

    /// The time of an event in nanoseconds.
    ///
    /// - Parameter number: 0…``count``.
    public func time(ofEvent number: Int) -> Int64 {
        withBytes(of: number) { bytes in
            var reader = RecordReader(bytes)
            return reader.head(number: number).time
        }
    }

    /// The bytes of an event's record.
    @inline(__always)
    func withBytes<Result>(of number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        precondition(number >= 0 && number <= count, "no record of event \(number)")
        guard number > 0 else { return arranged.withUnsafeBytes(body) }
        let (chunk, index) = (number - 1).quotientAndRemainder(dividingBy: Self.chunkSize)
        let range = chunk < full.count ? full[chunk].range(index) : last.range(index)
        func slice(_ bytes: UnsafeRawBufferPointer) -> Result { body(UnsafeRawBufferPointer(rebasing: bytes[range])) }
        return chunk < full.count ? full[chunk].bytes.withUnsafeBytes(slice) : last.bytes.withUnsafeBytes(slice)
    }

    // MARK: Adding

    /// Puts what was arranged before the first event in its place.
    mutating func arrange(_ record: UnsafeRawBufferPointer) {
        precondition(count == 0, "arranged after \(count) events")
        arranged = Array(record)
    }

    /// Adds the next event's record.
    mutating func append(_ record: UnsafeRawBufferPointer) {
        if last.ends.isEmpty {
            last.ends.reserveCapacity(Self.chunkSize)
            // As much as the chunk before took, and a little.
            last.bytes.reserveCapacity((full.last?.bytes.count ?? 0) * 17 / 16)
        }
        last.bytes.append(contentsOf: record)
        last.ends.append(UInt32(last.bytes.count))
        if last.count == Self.chunkSize {
            full.append(last)
            last = Chunk()
        }
    }

    /// Adds a record that was seen elsewhere than in a simulation.
    ///
    /// - Parameter record: its number is the next one.
    package mutating func append(_ record: EventRecord) {
        precondition(record.number == count + 1, "event \(record.number) recorded after event \(count)")
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
        let (chunks, rest) = events.quotientAndRemainder(dividingBy: Self.chunkSize)
        log.full = Array(full.prefix(chunks))
        log.last = (chunks < full.count ? full[chunks] : last).prefix(rest)
        return log
    }

    // MARK: Looking for

    /// The number of the last event at or before a time, in nanoseconds; 0 when there is none.
    package func lastEvent(atOrBefore time: Int64) -> Int {
        var low = 0
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
