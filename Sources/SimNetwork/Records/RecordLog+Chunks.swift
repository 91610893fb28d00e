import Bug

extension RecordLog {
    /// Records one behind the other, and where each ends, as long as records are added.
    struct Open: Sendable {
        /// Bytes of a number that says where a record ends.
        static let bytesOfEnd = MemoryLayout<UInt32>.stride

        private(set) var bytes: [UInt8] = []
        private(set) var ends: [UInt32] = []

        var count: Int { ends.count }
        /// Bytes that it takes.
        var size: Int { bytes.count + Self.bytesOfEnd * ends.count }

        /// As much as the chunk before took, and a little.
        mutating func reserve(like chunk: Chunk?) {
            ends.reserveCapacity(RecordLog.chunkSize)
            bytes.reserveCapacity((chunk?.size ?? 0) * 17 / 16)
        }

        @inline(__always)
        mutating func append(_ record: UnsafeRawBufferPointer) {
            bytes.append(contentsOf: record)
            ends.append(UInt32(bytes.count))
        }

        func prefix(_ count: Int) -> Open {
            guard count < ends.count else { return self }
            let end = count == 0 ? 0 : Int(ends[count - 1])
            var prefix = Open()
            prefix.bytes = Array(bytes[..<end])
            prefix.ends = Array(ends[..<count])
            return prefix
        }

        @inline(__always)
        func withBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            let range = (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
            return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
    }

    /// Records: how many, where each ends, all as little-endian 32-bit numbers, then one behind the other.
    enum Chunk: Sendable {
        /// In memory.
        case here([UInt8])
        /// In a store.
        case stored(any RecordStore, place: Int64, count: Int32)
        /// Nowhere.
        case gone

        /// Closes a chunk to which nothing more is added.
        init(closing open: Open) {
            var content: [UInt8] = []
            content.reserveCapacity(Open.bytesOfEnd + open.size)
            for number in [UInt32(open.count)] + open.ends {
                withUnsafeBytes(of: number.littleEndian) { content.append(contentsOf: $0) }
            }
            content.append(contentsOf: open.bytes)
            self = .here(content)
        }

        /// Bytes that it takes, wherever it is.
        var size: Int {
            switch self {
            case .here(let content): content.count
            case .stored(_, _, let count): Int(count)
            case .gone: 0
            }
        }

        /// The same in a store; nil where that has no room.
        func stored(in store: any RecordStore) -> Chunk? {
            guard case .here(let content) = self else { return self }
            return store.put(content).map { .stored(store, place: $0, count: Int32(content.count)) }
        }

        @inline(__always)
        func withBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            switch self {
            case .here(let content): Self.record(index, of: content, body)
            case .stored(let store, let place, let count):
                Self.record(index, of: store.bytes(at: place, count: Int(count)), body)
            case .gone: bug("a record of the past that was not kept")
            }
        }

        @inline(__always)
        private static func record<Result>(
            _ index: Int, of content: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
        ) -> Result {
            content.withUnsafeBytes { bytes in
                func number(_ place: Int) -> Int {
                    let number = bytes.loadUnaligned(fromByteOffset: place * Open.bytesOfEnd, as: UInt32.self)
                    return Int(UInt32(littleEndian: number))
                }
                let records = (1 + number(0)) * Open.bytesOfEnd
                func end(_ index: Int) -> Int { records + number(1 + index) }
                let start = index == 0 ? records : end(index - 1)
                return body(UnsafeRawBufferPointer(rebasing: bytes[start..<end(index)]))
            }
        }

        /// The first records of it.
        func prefix(_ count: Int) -> Open {
            var open = Open()
            for index in 0..<count { withBytes(of: index) { open.append($0) } }
            return open
        }
    }
}
