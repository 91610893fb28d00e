public import NIOCore
import Synchronization

/// A connection between two peers that carries bytes: what an upper layer builds a protocol of its own on.
///
/// The two sides have shaken hands, as for messages: their versions fit, and their names and endpoints are known. From
/// there on it is the provider's stream, without frames and without a copy. It ends with its connection.
public struct PeerStream: ByteStream {
    private let stream: any ByteStream
    private let ahead: Ahead
    private let registration: ConnectionRegistry.Registration?
    /// The name that the other side gave.
    public let remoteName: String

    /// Bytes that came in one piece with the other side's hello.
    private final class Ahead: Sendable {
        let bytes: Mutex<ByteBuffer>

        init(_ bytes: ByteBuffer) {
            self.bytes = Mutex(bytes)
        }

        func take(upTo maximum: Int) -> ByteBuffer? {
            bytes.withLock { bytes in
                bytes.readableBytes > 0 ? bytes.readSlice(length: min(maximum, bytes.readableBytes)) : nil
            }
        }
    }

    init(
        _ stream: any ByteStream, ahead: ByteBuffer, remoteName: String,
        registration: ConnectionRegistry.Registration?
    ) {
        self.stream = stream
        self.ahead = Ahead(ahead)
        self.remoteName = remoteName
        self.registration = registration
    }

    /// The endpoint on this side.
    public var local: Endpoint { stream.local }
    /// The endpoint on the other side.
    public var remote: Endpoint { stream.remote }
    /// The number of the connection in its run.
    public var connection: ConnectionID { stream.connection }

    /// Waits for bytes and takes what is there.
    ///
    /// - Throws: as ``AsyncRead/read(upTo:)``.
    public func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        if let bytes = ahead.take(upTo: maximum) { return bytes }
        return try await stream.read(upTo: maximum)
    }

    /// Hands bytes to the stream, waiting while its send buffer is full.
    ///
    /// - Throws: as ``AsyncWrite/write(_:)``.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) { try await stream.write(bytes) }

    /// Hands several buffers to the stream in one vectored write.
    ///
    /// - Throws: as ``write(_:)``.
    public func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError) {
        try await stream.write(contentsOf: buffers)
    }

    /// Takes bytes if there is room for all of them at once.
    public func offer(_ bytes: ByteBuffer) -> Bool { stream.offer(bytes) }

    /// Waits until everything written so far has left this process.
    ///
    /// - Throws: as ``write(_:)``.
    public func flush() async throws(NetworkError) { try await stream.flush() }

    /// Closes the sending half.
    ///
    /// - Throws: as ``AsyncWrite/shutdownWrite()``.
    public func shutdownWrite() async throws(NetworkError) { try await stream.shutdownWrite() }

    /// Sets an option of this end's socket.
    ///
    /// - Throws: `closed` or `cancelled`.
    public func set(_ option: StreamOption) async throws(NetworkError) { try await stream.set(option) }

    /// Closes both halves.
    public func close() async {
        await stream.close()
        registration?.end(nil)
    }

    /// Ends the connection at once.
    public func reset() async {
        await stream.reset()
        registration?.end(NetworkError(.connectionReset, during: .close, remote: remote, reason: "reset here"))
    }
}

/// Takes a byte stream that another peer has opened; it is closed when this returns.
public typealias StreamHandler = @Sendable (_ stream: PeerStream) async -> Void

extension Peer {
    /// Opens a connection for bytes alone, and shakes hands over it. The peer is of no other use then.
    func openStream() async throws(NetworkError) -> PeerStream {
        switch await openWithinTimeout() {
        case .success(let stream): return byteStream(over: stream)
        case .failure(let error): throw error
        }
    }

    /// A session whose other side wants bytes: the server's handler has it until it returns.
    func hand(over stream: any ByteStream) async -> NetworkError {
        let bytes = byteStream(over: stream)
        await streamHandler?(bytes)
        await bytes.close()
        return NetworkError(.closed, during: .close, remote: remote, reason: "the byte stream has ended")
    }

    private func byteStream(over stream: any ByteStream) -> PeerStream {
        PeerStream(
            stream, ahead: decoder.takeRest(), remoteName: remoteName ?? "", registration: register(stream))
    }
}
