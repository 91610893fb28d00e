import Bug
import PeerNetworking

// The fold over records: of events, of their bytes, of a log.
extension WorldState {
    /// Applies an event: the fold's one step. Records are applied in order, each once.
    public mutating func apply(_ record: EventRecord) {
        begin(record)
        for change in record.changes { apply(change) }
    }

    /// Goes on to an event, whose changes are then applied.
    mutating func begin(_ record: EventRecord) {
        insist(record.number == event + 1, "event \(record.number) applied after event \(event)")
        event = record.number
        time = record.time
        takeUp(record.place, kind: record.kind, connection: record.connection)
    }

    /// Applies the next event of a log.
    public mutating func applyNext(of log: RecordLog) {
        log.withBytes(of: event + 1) { applyNext($0) }
    }

    /// Applies the bytes of the next event's record.
    mutating func applyNext(_ bytes: UnsafeRawBufferPointer) {
        var reader = begin(bytes)
        while let change = reader.change() { apply(change) }
    }

    /// Goes on to the next event.
    ///
    /// - Returns: the reader of its changes.
    private mutating func begin(_ bytes: UnsafeRawBufferPointer) -> RecordReader {
        var reader = RecordReader(bytes)
        let head = reader.head(number: event + 1)
        event += 1
        time = head.time
        takeUp(head.place, kind: head.kind, connection: head.connection)
        return reader
    }

    // MARK: With somebody who looks

    /// Applies an event, and has those of its changes looked at that somebody wants to see.
    package mutating func apply(_ record: EventRecord, showing interests: ChangeKinds, look: ChangeLook) {
        begin(record)
        for change in record.changes { apply(change, showing: interests, look) }
    }

    /// Applies the next event of a log, and has those of its changes looked at that somebody wants to see.
    package mutating func applyNext(of log: RecordLog, showing interests: ChangeKinds, look: ChangeLook) {
        log.withBytes(of: event + 1) { applyNext($0, showing: interests, look: look) }
    }

    /// Applies the bytes of the next event's record, and has those of its changes looked at that somebody wants to see.
    mutating func applyNext(_ bytes: UnsafeRawBufferPointer, showing interests: ChangeKinds, look: ChangeLook) {
        var reader = begin(bytes)
        while let change = reader.change() { apply(change, showing: interests, look) }
    }

    @inline(__always)
    private mutating func apply(_ change: Change, showing interests: ChangeKinds, _ look: ChangeLook) {
        apply(change)
        let kinds = ChangeKinds(of: change)
        if !interests.isDisjoint(with: kinds) { look(change, kinds, self) }
    }

    // MARK: Before the first event

    /// Applies what was arranged before the first event.
    public mutating func applyArranged(of log: RecordLog) {
        insist(event == 0 && places == 0, "arranged after the run began")
        log.withBytes(of: 0) { bytes in
            var reader = RecordReader(bytes)
            _ = reader.head(number: 0)
            while let change = reader.change() { apply(change) }
        }
    }
}
