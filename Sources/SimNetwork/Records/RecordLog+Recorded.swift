// Records as a recording of what happened has them: the bytes of each behind their number.
extension RecordLog {
    /// The records of some events, one behind the other; event 0 is what was arranged before the first.
    package func recorded(_ events: ClosedRange<Int>) -> [UInt8] {
        var writer = RecordWriter()
        defer { writer.free() }
        for number in events {
            withBytes(of: number) { bytes in
                writer.reserve(16)
                writer.number(UInt64(bytes.count))
                writer.append(Array(bytes))
            }
        }
        return Array(writer.bytes)
    }

    /// How many bytes ``recorded(_:)`` has of an event, at most.
    package func size(ofRecorded event: Int) -> Int { withBytes(of: event) { $0.count } + 9 }

    /// Puts what was arranged before the first event in its place.
    ///
    /// - Parameter bytes: as ``recorded(_:)`` gives it.
    /// - Returns: whether it is that.
    package mutating func arrange(recorded bytes: [UInt8]) -> Bool {
        guard let parts = Self.parts(of: bytes), parts.count == 1 else { return false }
        bytes.withUnsafeBytes { arrange(UnsafeRawBufferPointer(rebasing: $0[parts[0]])) }
        return true
    }

    /// Where the records are in the bytes of some; nil where they are not those of records.
    static func parts(of bytes: [UInt8]) -> [Range<Int>]? {
        var parts: [Range<Int>] = []
        var place = 0
        while place < bytes.count {
            let first = bytes[place]
            let more = first < RecordWriter.counted ? 0 : Int(first - RecordWriter.counted) + 1
            guard more <= 4, place + more < bytes.count else { return nil }
            let size = bytes.withUnsafeBytes { all in
                var reader = RecordReader(UnsafeRawBufferPointer(rebasing: all[place...(place + more)]))
                return Int(reader.number())
            }
            let start = place + more + 1
            guard size > 0, size <= bytes.count - start else { return nil }
            parts.append(start..<start + size)
            place = start + size
        }
        return parts
    }
}
