internal import Glibc
internal import NIOCore

/// Connections of nobody that take the room in a listener's backlog. On the loop only.
///
/// They come from 127.0.0.1, which is no host of a lab: so they are known again when they are accepted.
final class BacklogFiller {
    private struct Filler {
        let descriptor: CInt
        let port: UInt16
    }

    /// Where they come from.
    private static let address = "127.0.0.1"

    private var fillers: [Filler] = []

    deinit { for filler in fillers { Glibc.close(filler.descriptor) } }

    /// Puts one more connection into a listener's backlog, if it has room.
    func fill(_ listener: SocketAddress) {
        let descriptor = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return }
        guard let own = try? SocketAddress(ipAddress: Self.address, port: 0),
            own.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0, let port = Self.port(of: descriptor)
        else {
            Glibc.close(descriptor)
            return
        }
        fillers.append(Filler(descriptor: descriptor, port: port))
        _ = listener.withSockAddr { Glibc.connect(descriptor, $0, socklen_t($1)) }
    }

    /// Whether an accepted connection is one of these, by where it comes from; it is forgotten then.
    func takes(_ address: SocketAddress) -> Bool {
        guard address.ipAddress == Self.address, let port = address.port,
            let index = fillers.firstIndex(where: { Int($0.port) == port })
        else { return false }
        Glibc.close(fillers.remove(at: index).descriptor)
        return true
    }

    /// The local port of a socket: the second field of its name, in the network's order (`ip(7)`).
    private static func port(of descriptor: CInt) -> UInt16? {
        var name = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &name) { bytes in
            guard let generic = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(descriptor, generic, &size) == 0
            else { return nil }
            return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
