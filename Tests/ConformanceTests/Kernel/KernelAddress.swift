import Glibc
import Synchronization

/// An IPv4 address and port, in host byte order.
struct KernelAddress {
    var address: UInt32
    var port: UInt16 = 0

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = address.bigEndian
        name.sin_port = port.bigEndian
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// The addresses and ports that stand for the hosts and ports of one run of a scenario.
///
/// Each run has loopback addresses of its own, so that runs beside it and the TIME-WAIT of those before it do not
/// matter.
final class KernelAddresses {
    private static let runs = Atomic<UInt32>(0)
    private let first: UInt32
    private var ports: [String: UInt16] = [:]

    init() {
        let process = UInt32(bitPattern: getpid())
        let run = KernelAddresses.runs.add(1, ordering: .relaxed).oldValue
        // 127.128…247.x.y: four addresses for each of 15,872 runs, then the same again with other ports.
        first = 127 << 24 | (128 + process % 120) << 16 | (run / 62 % 256) << 8 | (4 + run % 62 * 4)
    }

    /// The address of a host.
    func address(of host: String) throws -> KernelAddress {
        guard let index = Party.hosts.firstIndex(of: host) else { throw KernelError.scenario("no host \(host)") }
        return KernelAddress(address: first + UInt32(index))
    }

    /// The address and port that stand for a scenario's: a port that was free when it was first asked for.
    func address(of host: String, port: UInt16) throws -> KernelAddress {
        var address = try address(of: host)
        if let known = ports["\(host):\(port)"] {
            address.port = known
            return address
        }
        let descriptor = try KernelSocket.make()
        defer { _ = KernelSocket.close(descriptor) }
        guard KernelSocket.bind(descriptor, address) == .ok else { throw KernelError.call("bind", errno) }
        address.port = try KernelAddresses.port(of: descriptor)
        ports["\(host):\(port)"] = address.port
        return address
    }

    /// The port that a socket is bound to.
    static func port(of descriptor: CInt) throws -> UInt16 {
        var name = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) != 0 }
        }
        if failed { throw KernelError.call("getsockname", errno) }
        return UInt16(bigEndian: name.sin_port)
    }
}
