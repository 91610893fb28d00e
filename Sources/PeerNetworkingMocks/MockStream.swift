import Bug
public import PeerNetworking
public import NIOCore

/// One end of a connection in memory.
public struct MockStream: ByteStream {
    let pipe: MockConnection
    /// 0 for the end that connected, 1 for the one that accepted.
    let side: Int
    /// The endpoint on this side.
    public let local: Endpoint
    /// The endpoint on the other side.
    public let remote: Endpoint
    /// The connection's number in its network.
    public var connection: ConnectionID { pipe.id }

    private func error(_ code: NetworkError.Code, _ operation: NetworkError.Operation) -> NetworkError {
        NetworkError(code, during: operation, local: local, remote: remote)
    }

    /// Takes what is there, or waits for bytes.
    ///
    /// - Throws: `connectionReset` (once; then the stream ends), `closed` or `cancelled`.
    public func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        insist(maximum > 0, "a read of \(maximum) bytes")
        while true {
            switch pipe.take(side, upTo: maximum) {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .failed(let code): throw error(code, .read)
            case .wait:
                guard await pipe.changes[side].wait() else { throw error(.cancelled, .read) }
            }
        }
    }

    /// Hands bytes over, waiting while the other side's buffer is full.
    ///
    /// - Throws: `connectionReset` (once), `brokenPipe`, `closed` or `cancelled`.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        var rest = bytes
        repeat {
            switch pipe.put(side, &rest) {
            case .failed(let code): throw error(code, .write)
            case .wait:
                guard await pipe.changes[side].wait() else { throw error(.cancelled, .write) }
            case .bytes, .end: break
            }
        } while rest.readableBytes > 0
    }

    /// Writes one buffer after the other.
    ///
    /// - Throws: as ``write(_:)``.
    public func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError) {
        for buffer in buffers { try await write(buffer) }
    }

    /// Takes bytes if all of them have room.
    public func offer(_ bytes: ByteBuffer) -> Bool { pipe.offer(side, bytes) }

    /// Returns at once: what is written is with the other side.
    ///
    /// - Throws: as ``write(_:)``.
    public func flush() async throws(NetworkError) { try await write(ByteBuffer()) }

    /// Ends the output.
    ///
    /// - Throws: `closed`.
    public func shutdownWrite() async throws(NetworkError) {
        guard pipe.endOutput(side) else { throw error(.closed, .close) }
    }

    /// Has no effect: nothing fails here by itself.
    ///
    /// - Throws: nothing.
    public func set(_ option: StreamOption) async throws(NetworkError) {}

    /// Closes both halves; with bytes unread the other side gets a reset.
    public func close() async { pipe.close(side) }

    /// Ends the connection; the other side gets a reset.
    public func reset() async { pipe.reset(side) }
}
