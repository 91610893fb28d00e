import Glibc

/// The addresses and ports that stand for the hosts and ports of one run of a scenario.
final class KernelAddresses {
    private let network: any KernelNetwork
    private var ports: [String: UInt16] = [:]

    init(in network: any KernelNetwork) { self.network = network }

    /// The address of a host.
    func address(of host: String) throws -> KernelAddress {
        KernelAddress(address: network.address(of: try Party.place(of: host)))
    }

    /// Makes a socket of a host's.
    func makeSocket(on host: String) throws -> CInt {
        try network.within(Party.place(of: host)) { try KernelSocket.make() }
    }

    /// The address and port that stand for a scenario's: a port that was free when it was first asked for.
    func address(of host: String, port: UInt16) throws -> KernelAddress {
        var address = try address(of: host)
        if let known = ports["\(host):\(port)"] {
            address.port = known
            return address
        }
        let descriptor = try makeSocket(on: host)
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
