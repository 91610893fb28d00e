import DequeModule
import Glibc
import NIOCore

/// What was written in one direction of a connection and not read yet, kept beside the connection to check it.
struct StreamAudit {
    private(set) var written: Int64 = 0
    private(set) var read: Int64 = 0
    /// A bit was flipped on the way and no checksum said so: the bytes are not compared any more.
    var isTainted = false
    private var unread: Deque<ByteBuffer> = []

    mutating func wrote(_ bytes: ByteBuffer) {
        written += Int64(bytes.readableBytes)
        unread.append(bytes)
    }

    /// Takes in what the application was given.
    ///
    /// - Returns: whether these are the bytes that were written there.
    mutating func gave(_ bytes: ByteBuffer) -> Bool {
        read += Int64(bytes.readableBytes)
        guard !isTainted else { return true }
        var rest = bytes
        while rest.readableBytes > 0 {
            guard !unread.isEmpty else { return false }
            let count = min(rest.readableBytes, unread[0].readableBytes)
            // Not `==` of slices: byte by byte in builds without optimisation, which check every byte of every run.
            let isSame = rest.withUnsafeReadableBytes { given in
                unread[0].withUnsafeReadableBytes { sent in
                    guard let given = given.baseAddress, let sent = sent.baseAddress else { return count == 0 }
                    return memcmp(given, sent, count) == 0
                }
            }
            guard isSame else { return false }
            rest.moveReaderIndex(forwardBy: count)
            unread[0].moveReaderIndex(forwardBy: count)
            if unread[0].readableBytes == 0 { unread.removeFirst() }
        }
        return true
    }
}

/// Both directions of a connection.
final class ConnectionAudit {
    /// By the side's number.
    @exclusivity(unchecked) private var streams = [StreamAudit(), StreamAudit()]

    /// The direction in which a side sends.
    subscript(side: Side) -> StreamAudit {
        _read { yield streams[Int(side.rawValue)] }
        _modify { yield &streams[Int(side.rawValue)] }
    }
}
