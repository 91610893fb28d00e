import NIOCore

/// Frames for one write, and how buggify wants that done.
struct OutgoingBatch {
    let buffers: [ByteBuffer]
    /// The number of the first message; nil where there are control frames alone.
    let first: UInt64?
    /// It first waits a while.
    let isLate: Bool
    /// A byte is written alone before the others.
    let isShort: Bool

    /// Hands it over where nothing must be waited for.
    ///
    /// - Returns: whether that was so; otherwise nothing of it was written.
    func isTaken(by stream: any ByteStream) -> Bool {
        buffers.count == 1 && !isLate && !isShort && stream.offer(buffers[0])
    }

    /// Writes it, and waits for room.
    func write(to stream: any ByteStream, _ time: any TimeProvider) async throws(NetworkError) {
        if isLate { try await time.sleep(for: .milliseconds(1)) }
        guard isShort, var first = buffers.first, let byte = first.readSlice(length: 1) else {
            try await stream.write(contentsOf: buffers)
            return
        }
        try await stream.write(byte)
        try await stream.flush()
        try await stream.write(contentsOf: [first] + buffers.dropFirst())
    }
}
