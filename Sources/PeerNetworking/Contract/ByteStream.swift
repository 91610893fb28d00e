public import NIOCore

/// The reading half of a byte stream.
public protocol AsyncRead: Sendable {
    /// Waits for bytes and takes what is there.
    ///
    /// - Parameter maximum: the most bytes to take, 1 or more. Fewer may come: a read is short whenever less is there.
    /// - Returns: one byte or more, or `nil` at the end of the stream: the other side has closed its sending half.
    /// - Throws: `connectionReset`, `timedOut`, `closed` or `cancelled`. A failed connection says so once; then the
    ///   stream ends, as on Linux.
    func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer?
}

/// The writing half of a byte stream.
public protocol AsyncWrite: Sendable {
    /// Hands bytes to the stream, waiting while its send buffer is full.
    ///
    /// - Throws: `brokenPipe`, `connectionReset`, `timedOut`, `closed` or `cancelled`. After an error an unknown part
    ///   of the bytes may have reached the other side.
    func write(_ bytes: ByteBuffer) async throws(NetworkError)

    /// Hands several buffers to the stream in one vectored write, without joining them.
    ///
    /// - Throws: as ``write(_:)``.
    func write(contentsOf buffers: [ByteBuffer]) async throws(NetworkError)

    /// Takes bytes if there is room for all of them at once; otherwise takes none.
    ///
    /// It spares the caller a suspension where none is needed. A failed stream takes nothing; ``write(_:)`` tells why.
    ///
    /// - Returns: whether it took them.
    func offer(_ bytes: ByteBuffer) -> Bool

    /// Waits until everything written so far has left this process for the network's own buffers.
    ///
    /// It does not wait for the other side: only an answer of the application says that.
    ///
    /// - Throws: as ``write(_:)``.
    func flush() async throws(NetworkError)

    /// Closes the sending half: the other side reads to the end of the stream; reading here goes on.
    ///
    /// - Throws: `closed`, also once the connection's failure was told; `connectionReset`, `timedOut` or `cancelled`.
    func shutdownWrite() async throws(NetworkError)
}

/// A connected stream of bytes, in order and without gaps, after the manner of a TCP socket.
///
/// Iterating over `stream.chunks` reads it as an `AsyncSequence`.
public protocol ByteStream: AsyncRead, AsyncWrite {
    /// The endpoint on this side.
    var local: Endpoint { get }
    /// The endpoint on the other side.
    var remote: Endpoint { get }
    /// The number of the connection in this run, shared by both of its ends where the provider knows both.
    var connection: ConnectionID { get }

    /// Sets an option of this end's socket.
    ///
    /// - Throws: `closed` or `cancelled`.
    func set(_ option: StreamOption) async throws(NetworkError)

    /// Closes both halves. Bytes written before are still sent; with bytes unread here the other side gets a reset,
    /// as on Linux. Closing twice does nothing.
    func close() async

    /// Ends the connection at once: unsent bytes are discarded and the other side gets a reset (`SO_LINGER` of 0).
    func reset() async
}

/// An option of a connection's socket, as Linux names it.
public enum StreamOption: Hashable, Sendable {
    /// Probes the connection when it has been idle (`SO_KEEPALIVE`); nil for not.
    case keepAlive(KeepAlive?)
    /// Ends the connection with `timedOut` when sent data has stayed unacknowledged for so long (`TCP_USER_TIMEOUT`);
    /// nil for the kernel's own limit.
    case userTimeout(Duration?)
}

/// When an idle connection is probed, and when it is given up; whole seconds on sockets.
public struct KeepAlive: Hashable, Sendable {
    /// How long it is idle before the first probe (`TCP_KEEPIDLE`); 1 s…32,767 s.
    public var idle: Duration
    /// From one probe to the next (`TCP_KEEPINTVL`); 1 s…32,767 s.
    public var interval: Duration
    /// Probes without an answer before the connection times out (`TCP_KEEPCNT`); 1…127.
    public var probes: Int32

    /// Linux's own: two hours, 75 seconds, nine probes.
    public init(idle: Duration = .seconds(7_200), interval: Duration = .seconds(75), probes: Int32 = 9) {
        self.idle = idle
        self.interval = interval
        self.probes = probes
    }
}

/// The number of a connection within one run, from 1.
public struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number, from 1; 0 stands for no connection.
    public var number: UInt32

    /// Makes an identity of its number.
    @inlinable
    public init(_ number: UInt32) {
        self.number = number
    }

    /// `c` and the number, as the screen shows it.
    public var description: String { "c\(number)" }

    /// Orders connections by age.
    @inlinable
    public static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.number < right.number
    }
}

extension ByteStream {
    /// The stream's bytes as a sequence of chunks, to the end of the stream.
    public var chunks: ByteStreamChunks { ByteStreamChunks(stream: self) }
}

/// The bytes of a stream, chunk by chunk as they arrive.
public struct ByteStreamChunks: AsyncSequence, Sendable {
    let stream: any ByteStream

    /// Reads one chunk after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: any ByteStream

        /// Reads the next chunk, of at most 64 KiB; `nil` at the end of the stream.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(NetworkError) -> ByteBuffer? {
            try await stream.read(upTo: 65_536)
        }

        /// Reads the next chunk, of at most 64 KiB; `nil` at the end of the stream.
        public mutating func next() async throws(NetworkError) -> ByteBuffer? {
            try await stream.read(upTo: 65_536)
        }
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: stream) }
}
