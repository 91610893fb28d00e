public import NIOCore
import Synchronization

/// A connection between two peers that carries bytes: what an upper layer builds a protocol of its own on.
///
/// The two sides have shaken hands, as for messages: their versions fit, and their names and endpoints are known. From
/// there on it is the provider's stream, without frames and without a copy. It ends with its connection.
///
/// The read timeout of its configuration bounds a read's wait, the write timeout a write's; a stream over which no byte goes
/// for the idle timeout is closed. What waited then, and each later call, throws `timedOut`.
public struct PeerStream: ByteStream {
    private let stream: any ByteStream
    private let ahead: Ahead
    private let registration: ConnectionRegistry.Registration?
    private let watch: StreamWatch?
    /// The task of the watch.
    private let watching: (any TaskHandle)?
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
        registration: ConnectionRegistry.Registration?, watch: StreamWatch?, watching: (any TaskHandle)?
    ) {
        self.watch = watch
        self.watching = watching
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
        guard let watch else { return try await stream.read(upTo: maximum) }
        return try await watch.reading { () async throws(NetworkError) in try await stream.read(upTo: maximum) }
    }

    /// Hands bytes to the stream, waiting while its send buffer is full.
    ///
    /// - Throws: as ``AsyncWrite/write(_:)``.
    public func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        guard let watch else { return try await stream.write(bytes) }
        try await watch.writing { () async throws(NetworkError) in try await stream.write(bytes) }
    }

    /// Hands several buffers to the stream in one vectored write.
    ///
    /// - Throws: as ``write(_:)``.
    public func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError) {
        guard let watch else { return try await stream.write(contentsOf: buffers) }
        try await watch.writing { () async throws(NetworkError) in try await stream.write(contentsOf: buffers) }
    }

    /// Takes bytes if there is room for all of them at once.
    public func offer(_ bytes: ByteBuffer) -> Bool {
        guard stream.offer(bytes) else { return false }
        watch?.used()
        return true
    }

    /// Waits until everything written so far has left this process.
    ///
    /// - Throws: as ``write(_:)``.
    public func flush() async throws(NetworkError) {
        guard let watch else { return try await stream.flush() }
        try await watch.writing { () async throws(NetworkError) in try await stream.flush() }
    }

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
        watching?.cancel()
        await stream.close()
        registration?.end(watch?.failure)
    }

    /// Ends the connection at once.
    public func reset() async {
        watching?.cancel()
        await stream.reset()
        registration?.end(NetworkError(.connectionReset, during: .close, remote: remote, reason: "reset here"))
    }
}

/// Takes a byte stream that another peer has opened; it is closed when this returns.
public typealias StreamHandler = @Sendable (_ stream: PeerStream) async -> Void
