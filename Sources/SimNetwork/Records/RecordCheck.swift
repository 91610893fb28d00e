import PeerNetworking

/// Looks at records of a file before anything is made of them: each must be one that a run of such a network may have written.
///
/// Its sums tell whether a file is as it was written, and not who has written it.
package struct RecordCheck {
    /// The network after all that was looked at.
    var state: WorldState
    let topology: Topology
    /// How many processes there are.
    let processes: Int
    /// The highest number of a segment so far.
    var latestSegment = Int64(0)

    /// Times, bytes and numbers that a record may have: sums of a few of them have room.
    static let numbers: ClosedRange<Int64> = 0...(1 << 60)

    /// Nanoseconds that a round trip may have: the sum of many has room.
    static let roundTrips: ClosedRange<Int64> = 0...(1 << 46)

    /// Begins before what was arranged.
    package init(topology: Topology, processes: Int) {
        (self.topology, self.processes) = (topology, processes)
        state = WorldState(hosts: topology.hosts.count, links: topology.links.count)
    }

    /// Takes what was arranged before the first event.
    ///
    /// - Parameter bytes: as ``RecordLog/recorded(_:)`` gives it.
    package mutating func arrange(_ bytes: [UInt8]) throws(RecordDamage) {
        let records = try take(bytes, from: 0)
        guard records.count == 1 else { throw RecordDamage("\(records.count) records before the first event") }
    }

    /// Takes the next events.
    ///
    /// - Parameter bytes: as ``RecordLog/recorded(_:)`` gives them.
    /// - Returns: their records.
    package mutating func events(_ bytes: [UInt8]) throws(RecordDamage) -> [EventRecord] {
        try take(bytes, from: state.event + 1)
    }

    private mutating func take(_ bytes: [UInt8], from first: Int) throws(RecordDamage) -> [EventRecord] {
        guard let parts = RecordLog.parts(of: bytes) else { throw RecordDamage("bytes that are no records") }
        var records: [EventRecord] = []
        for (place, part) in parts.enumerated() {
            let read = bytes.withUnsafeBytes {
                EventRecord.read($0[part], number: first + place)
            }
            let record = try read.get()
            do throws(RecordDamage) {
                try take(record)
            } catch {
                throw RecordDamage("event \(record.number) has \(error.what)")
            }
            records.append(record)
        }
        return records
    }

    private mutating func take(_ record: EventRecord) throws(RecordDamage) {
        if let problem = problem(record) { throw RecordDamage(problem) }
        if record.number > 0 { state.begin(record) }
        for change in record.changes {
            if let problem = problem(change) { throw RecordDamage(problem) }
            note(change)
            state.apply(change)
        }
    }

    /// What is wrong with what a record says before its changes; nil where nothing is.
    private func problem(_ record: EventRecord) -> String? {
        if !Self.numbers.contains(record.time) || record.time < state.time { return "a time that is none" }
        if !(0...max(0, record.number - 1)).contains(record.cause) { return "a cause that is not before it" }
        if let host = record.host, let problem = problem(host) { return problem }
        if let process = record.process, let problem = problem(process) { return problem }
        return nil
    }

    private mutating func note(_ change: Change) {
        if case .sent(let segment) = change { latestSegment = segment.number }
        if case .duplicated(let segment, _) = change { latestSegment = segment.number }
    }
}

/// Records of a file that no run has written: what they have that they cannot have.
package struct RecordDamage: Error, Sendable {
    /// What it is: `event 7 has a host that is none`.
    package let what: String

    package init(_ what: String) { self.what = what }
}

extension EventRecord {
    /// Reads the record of an event from a file.
    fileprivate static func read(_ bytes: Slice<UnsafeRawBufferPointer>, number: Int) -> Result<
        EventRecord, RecordDamage
    > {
        var reader = RecordReader(UnsafeRawBufferPointer(rebasing: bytes), ofFile: true)
        let record = EventRecord(&reader, number: number)
        return reader.damage.map { .failure(RecordDamage("event \(number) has \($0)")) } ?? .success(record)
    }
}
