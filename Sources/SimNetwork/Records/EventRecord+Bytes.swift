extension EventRecord {
    /// Reads the record of an event.
    init(_ bytes: UnsafeRawBufferPointer, number: Int, withChanges: Bool = true) {
        var reader = RecordReader(bytes)
        self.init(&reader, number: number, withChanges: withChanges)
    }

    /// Reads the record of an event.
    init(_ reader: inout RecordReader, number: Int, withChanges: Bool = true) {
        let head = reader.head(number: number)
        self.init(
            number: number, time: head.time, kind: head.kind, host: head.host, connection: head.connection,
            process: head.process, cause: head.cause, place: head.place)
        guard withChanges else { return }
        while let change = reader.change() { changes.append(change) }
    }
}
