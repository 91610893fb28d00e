internal import Glibc

/// Connections of nobody that take the room in a listener's backlog. On the loop only.
///
/// They come from 127.0.0.1, which is no host of a lab: so they are known again when they are accepted.
final class BacklogFiller {
    private struct Filler {
        let descriptor: CInt
        let port: UInt16
    }

    /// Where they come from.
    static let address = "127.0.0.1"

    private var fillers: [Filler] = []

    deinit { for filler in fillers { Glibc.close(filler.descriptor) } }

    /// Puts one more connection into a listener's backlog, if it has room.
    func fill(_ address: String, _ port: UInt16) {
        let descriptor = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return }
        var own = Self.name(Self.address, 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard isBound else {
            Glibc.close(descriptor)
            return
        }
        fillers.append(Filler(descriptor: descriptor, port: UInt16(bigEndian: own.sin_port)))
        var listener = Self.name(address, port)
        withUnsafePointer(to: &listener) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = Glibc.connect(descriptor, generic, size)
            }
        }
    }

    /// Whether an accepted connection is one of these, by the port it comes from; it is forgotten then.
    func takes(_ port: UInt16) -> Bool {
        guard let index = fillers.firstIndex(where: { $0.port == port }) else { return false }
        Glibc.close(fillers.remove(at: index).descriptor)
        return true
    }

    private static func name(_ address: String, _ port: UInt16) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return name
    }
}
