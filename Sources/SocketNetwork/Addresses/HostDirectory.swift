import Bug
internal import Glibc
internal import NIOConcurrencyHelpers
package import PeerNetworking

/// The hosts of a lab on this machine: each name has its own address of 127.0.0.0/8, and each port of the lab stands
/// for a free real port of that address.
///
/// The first host is 127.0.0.2, the second 127.0.0.3, and on to 127.0.0.254; then come 127.0.1.1 … 127.0.1.254, and so
/// on. A lab's port gets its real port when it is first listened on or connected to. From then on a bound socket that
/// never listens holds it: until a listener comes, and after it has gone, the kernel refuses connections to it.
public final class HostDirectory: Sendable {
    private struct LabPort: Hashable {
        let host: Int
        let port: UInt16
    }

    private struct Reservation {
        let realPort: UInt16
        let descriptor: CInt
    }

    private struct State {
        var reservations: [LabPort: Reservation] = [:]
        var isClosed = false
    }

    /// Where their sockets are made, where each has a network of its own; nil where all are of the loopback interface.
    private let places: (any HostPlaces)?
    private let addresses: HostAddresses
    /// The names of the hosts, in order.
    public let hosts: [String]
    private let indices: [String: Int]
    private let state = NIOLockedValueBox(State())

    /// Makes the directory of a lab.
    ///
    /// - Parameter hosts: the names of the hosts, all different, at most 100,000.
    public convenience init(hosts: [String]) { self.init(hosts: hosts, in: nil) }

    /// Makes the directory of a lab whose hosts have networks of their own: their ports are the lab's.
    package init(hosts: [String], in places: (any HostPlaces)?) {
        insist(hosts.count <= HostAddresses.mostHosts, "a lab has at most \(HostAddresses.mostHosts) hosts")
        self.places = places
        addresses = places == nil ? .loopback : .benchmark
        self.hosts = hosts
        indices = Dictionary(zip(hosts, hosts.indices)) { _, _ in bug("two hosts have the same name") }
    }

    deinit { close() }

    /// The address of a host.
    ///
    /// - Parameter host: its name, or its address, which stays as it is; nil for what is neither.
    public func address(of host: String) -> String? { index(of: host).map(addresses.text) }

    /// Each host has a network of its own.
    var hasPlaces: Bool { places != nil }

    /// Does something in the network of a host.
    func within<Result>(_ host: String, _ body: () throws -> Result) throws -> Result {
        guard let places, let index = index(of: host) else { return try body() }
        return try places.within(index, body)
    }

    /// The name of the host that has an address; nil when none has.
    public func host(at address: String) -> String? {
        guard let index = addresses.index(address), index < hosts.count else { return nil }
        return hosts[index]
    }

    /// The real port that stands for a port of the lab, reserved now if it was not before.
    ///
    /// - Parameters:
    ///   - host: a host's name or address.
    ///   - port: a port of the lab; 0 makes a new one, which is its real port.
    /// - Throws: `nameNotFound`, or what the system says when it has no port or socket to give.
    package func realPort(
        of host: String, port: UInt16, during operation: NetworkError.Operation
    ) throws(NetworkError) -> UInt16 {
        guard let index = index(of: host) else { throw NetworkError(.nameNotFound, during: operation, reason: host) }
        if hasPlaces { return port }
        let outcome = state.withLockedValue { state -> Result<UInt16, NetworkError> in
            if state.isClosed {
                return .failure(NetworkError(.closed, during: operation, reason: "the run has ended"))
            }
            if port != 0, let known = state.reservations[LabPort(host: index, port: port)] {
                return .success(known.realPort)
            }
            // A new port that stands for itself may already stand for another one: then the next.
            var unsuitable: [CInt] = []
            defer { for descriptor in unsuitable { Glibc.close(descriptor) } }
            while true {
                switch Self.reserve(addresses.text(index), during: operation) {
                case .failure(let error):
                    return .failure(error)
                case .success(let reservation):
                    let key = LabPort(host: index, port: port == 0 ? reservation.realPort : port)
                    if state.reservations[key] == nil {
                        state.reservations[key] = reservation
                        return .success(reservation.realPort)
                    }
                    unsuitable.append(reservation.descriptor)
                }
            }
        }
        return try outcome.get()
    }

    /// Gives the real port back that stands for a port of the lab. It gets another when it is next used.
    package func release(_ host: String, port: UInt16) {
        guard let index = index(of: host) else { return }
        let reservation = state.withLockedValue {
            $0.reservations.removeValue(forKey: LabPort(host: index, port: port))
        }
        if let reservation { Glibc.close(reservation.descriptor) }
    }

    /// Gives all ports back. Afterwards nothing can be connected to or listened on.
    public func close() {
        let descriptors = state.withLockedValue { state in
            let descriptors = state.reservations.values.map(\.descriptor)
            state.reservations = [:]
            state.isClosed = true
            return descriptors
        }
        for descriptor in descriptors { Glibc.close(descriptor) }
    }

    private func index(of host: String) -> Int? {
        if let index = indices[host] { return index }
        guard let index = addresses.index(host), index < hosts.count else { return nil }
        return index
    }

    /// Binds a free port of an address with a socket that never listens.
    private static func reserve(
        _ address: String, during operation: NetworkError.Operation
    ) -> Result<Reservation, NetworkError> {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .failure(NetworkError(errno: errno, during: operation)) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, address, &name.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var reuse: CInt = 1
        let bound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                // Shared with a listener only once the port is this socket's alone.
                bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0
                    && setsockopt(
                        descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size)) == 0
            }
        }
        guard bound else {
            let number = errno
            Glibc.close(descriptor)
            return .failure(NetworkError(errno: number, during: operation))
        }
        return .success(Reservation(realPort: UInt16(bigEndian: name.sin_port), descriptor: descriptor))
    }
}
