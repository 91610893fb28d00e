public import SimNetwork

/// The records of a timeline, in chunks that timelines with a common past share.
public struct RecordLog: Sendable {
    /// Records in a chunk, and events between two keyframes.
    public static let chunkSize = 10_000

    private final class Chunk: Sendable {
        let records: [EventRecord]
        init(_ records: [EventRecord]) { self.records = records }
    }

    private var full: [Chunk] = []
    private var last: [EventRecord] = []

    /// Makes an empty log.
    public init() {}

    /// How many records there are; the record of event n is at n − 1.
    public var count: Int { full.count * Self.chunkSize + last.count }

    /// The record of an event.
    ///
    /// - Parameter number: 1…``count``.
    public subscript(event number: Int) -> EventRecord {
        precondition((1...max(count, 1)).contains(number) && number <= count, "no record of event \(number)")
        let index = number - 1
        let chunk = index / Self.chunkSize
        return chunk < full.count ? full[chunk].records[index % Self.chunkSize] : last[index % Self.chunkSize]
    }

    /// Adds the next event's record.
    mutating func append(_ record: EventRecord) {
        precondition(record.number == count + 1, "event \(record.number) recorded after event \(count)")
        last.append(record)
        if last.count == Self.chunkSize {
            full.append(Chunk(last))
            last = []
            last.reserveCapacity(Self.chunkSize)
        }
    }

    /// The log of the first events alone.
    func prefix(_ events: Int) -> RecordLog {
        guard events < count else { return self }
        var log = RecordLog()
        let chunks = events / Self.chunkSize
        log.full = Array(full.prefix(chunks))
        let rest = events % Self.chunkSize
        if rest > 0 {
            log.last = Array((chunks < full.count ? full[chunks].records : last).prefix(rest))
        }
        return log
    }
}
