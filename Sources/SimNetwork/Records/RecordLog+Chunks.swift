import Bug

extension RecordLog {
    /// Records one behind the other, and where each ends, as long as records are added. The first of them may be those of a
    /// chunk that another timeline has too.
    struct Open: Sendable {
        /// Bytes of a number that says where a record ends.
        static let bytesOfEnd = MemoryLayout<UInt32>.stride

        /// Where the first records are, where they are another's.
        private(set) var head: Chunk?
        /// How many of them.
        private(set) var headCount = 0
        private(set) var bytes: [UInt8] = []
        private(set) var ends: [UInt32] = []

        init() {}

        /// The first records of a chunk, which are not copied.
        init(sharing head: Chunk, _ count: Int) {
            guard count > 0 else { return }
            (self.head, headCount) = (head, count)
        }

        var count: Int { headCount + ends.count }
        /// Bytes that it takes by itself.
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

        /// The first records of it, which are not copied: whoever adds to it afterwards has a copy made once.
        func prefix(_ count: Int) -> Open {
            if let head, count <= headCount { return Open(sharing: head, count) }
            return Open(sharing: .begun(self), count)
        }

        @inline(__always)
        func withBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            if let head {
                guard index >= headCount else { return head.withSharedBytes(of: index, body) }
                return withOwnBytes(of: index - headCount, body)
            }
            return withOwnBytes(of: index, body)
        }

        @inline(__always)
        private func withOwnBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            let range = (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
            return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
    }

    /// Records: how many, where each ends, all as little-endian 32-bit numbers, then one behind the other.
    indirect enum Chunk: Sendable {
        /// In memory.
        case here([UInt8])
        /// In memory, the first of them in a chunk that another timeline has too.
        case joined(Chunk, headCount: Int, [UInt8])
        /// Records of another timeline to which it may still add.
        case begun(Open)
        /// In a store.
        case stored(any RecordStore, place: Int64, count: Int32)
        /// Nowhere.
        case gone

        /// Closes a chunk to which nothing more is added.
        init(closing open: Open) {
            var content: [UInt8] = []
            content.reserveCapacity(Open.bytesOfEnd + open.size)
            for number in [UInt32(open.ends.count)] + open.ends {
                withUnsafeBytes(of: number.littleEndian) { content.append(contentsOf: $0) }
            }
            content.append(contentsOf: open.bytes)
            self = open.head.map { .joined($0, headCount: open.headCount, content) } ?? .here(content)
        }

        /// Bytes that it takes by itself, wherever it is.
        var size: Int {
            switch self {
            case .here(let content), .joined(_, _, let content): content.count
            case .begun(let open): open.size
            case .stored(_, _, let count): Int(count)
            case .gone: 0
            }
        }

        /// The same in a store, which has all of it; nil where that has no room.
        func stored(in store: any RecordStore) -> Chunk? {
            switch self {
            case .here(let content):
                return store.put(content).map { .stored(store, place: $0, count: Int32(content.count)) }
            case .joined(_, let headCount, let content):
                var open = Open()
                for index in 0..<headCount + Self.count(content) { withBytes(of: index) { open.append($0) } }
                return Chunk(closing: open).stored(in: store)
            case .begun, .stored, .gone: return self
            }
        }

        @inline(__always)
        func withBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            switch self {
            case .here(let content): Self.record(index, of: content, body)
            case .joined(let head, let headCount, let content):
                index < headCount
                    ? head.withSharedBytes(of: index, body)
                    : Self.record(index - headCount, of: content, body)
            case .begun(let open): open.withBytes(of: index, body)
            case .stored(let store, let place, let count):
                Self.record(index, of: store.bytes(at: place, count: Int(count)), body)
            case .gone: bug("a record of the past that was not kept")
            }
        }

        /// How many records a content has.
        private static func count(_ content: [UInt8]) -> Int { content.withUnsafeBytes { number(0, of: $0) } }

        @inline(__always)
        private static func number(_ place: Int, of content: UnsafeRawBufferPointer) -> Int {
            let number = content.loadUnaligned(fromByteOffset: place * Open.bytesOfEnd, as: UInt32.self)
            return Int(UInt32(littleEndian: number))
        }

        /// The bytes of one that another chunk shares.
        @inline(never)
        fileprivate func withSharedBytes<Result>(of index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            withBytes(of: index, body)
        }

        @inline(__always)
        private static func record<Result>(
            _ index: Int, of content: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
        ) -> Result {
            content.withUnsafeBytes { bytes in
                let records = (1 + number(0, of: bytes)) * Open.bytesOfEnd
                func end(_ index: Int) -> Int { records + number(1 + index, of: bytes) }
                let start = index == 0 ? records : end(index - 1)
                return body(UnsafeRawBufferPointer(rebasing: bytes[start..<end(index)]))
            }
        }

        /// The first records of it, which are not copied.
        func prefix(_ count: Int) -> Open {
            if case .joined(let head, let headCount, _) = self, count <= headCount {
                return Open(sharing: head, count)
            }
            return Open(sharing: self, count)
        }
    }
}

// MARK: What several logs share

extension RecordLog {
    /// Bytes of memory that the records take beside those that were counted before.
    ///
    /// - Parameter counted: where the bytes are that were counted, which gets those that now are.
    package func bytes(beside counted: inout Set<UnsafeRawPointer>) -> Int {
        full.reduce(last.bytes(beside: &counted)) { $0 + $1.bytes(beside: &counted) }
    }
}

extension RecordLog {
    /// Bytes in a store beside those that were counted before, by their places.
    package func storedBytes(beside counted: inout Set<Int64>) -> Int {
        full.reduce(0) { sum, chunk in
            guard case .stored(_, let place, let count) = chunk, counted.insert(place).inserted else { return sum }
            return sum + Int(count)
        }
    }
}

extension RecordLog.Open {
    fileprivate func bytes(beside counted: inout Set<UnsafeRawPointer>) -> Int {
        (head?.bytes(beside: &counted) ?? 0)
            + (bytes.isNew(beside: &counted) ? size : 0)
    }
}

extension RecordLog.Chunk {
    fileprivate func bytes(beside counted: inout Set<UnsafeRawPointer>) -> Int {
        switch self {
        case .here(let content): content.isNew(beside: &counted) ? size : 0
        case .joined(let head, _, let content):
            head.bytes(beside: &counted) + (content.isNew(beside: &counted) ? size : 0)
        case .begun(let open): open.bytes(beside: &counted)
        case .stored, .gone: 0
        }
    }
}

extension [UInt8] {
    fileprivate func isNew(beside counted: inout Set<UnsafeRawPointer>) -> Bool {
        withUnsafeBytes { bytes in bytes.baseAddress.map { counted.insert($0).inserted } ?? false }
    }
}
