internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import PeerNetworking

/// The system's names, looked up on NIO's thread pool.
enum NameResolution {
    /// What a lookup found, once it has.
    private final class Lookup {
        var outcome: Result<[SocketAddress], NetworkError>?
        let slot = WaitSlot()
    }

    /// All addresses of a name, in the order in which the system wants them tried.
    ///
    /// - Throws: `nameNotFound`, also when no name server answers, or `cancelled`.
    static func addresses(
        of host: String, port: UInt16, during operation: NetworkError.Operation, for life: ProcessLife
    ) async throws(NetworkError) -> [SocketAddress] {
        if let numeric = try? SocketAddress(ipAddress: host, port: Int(port)) { return [numeric] }
        if let names = life.run.names {
            let found = names(host, port)
            if found.isEmpty { throw NetworkError(.nameNotFound, during: operation, reason: host) }
            return found
        }
        let executor = life.executor
        let lookup = Lookup()
        let confined = Confined(lookup, to: executor)
        NIOThreadPool.singleton.submit { state in
            let outcome: Result<[SocketAddress], NetworkError> =
                state == .active
                ? lookUp(host, port, operation)
                : .failure(NetworkError(.nameNotFound, during: operation, reason: "the thread pool has ended"))
            executor.onLoop {
                confined.value.outcome = outcome
                confined.value.slot.wake()
            }
        }
        while true {
            if life.isDead || Task.isCancelled { throw NetworkError(.cancelled, during: operation) }
            if let outcome = lookup.outcome { return try outcome.get() }
            await lookup.slot.park(on: executor)
        }
    }

    private static func lookUp(
        _ host: String, _ port: UInt16, _ operation: NetworkError.Operation
    ) -> Result<[SocketAddress], NetworkError> {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            return .failure(
                NetworkError(
                    .nameNotFound, during: operation, reason: "\(host): \(String(cString: gai_strerror(code)))"))
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = list
        while let current = entry {
            if let name = current.pointee.ai_addr {
                switch current.pointee.ai_family {
                case AF_INET:
                    name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        found.append(SocketAddress($0.pointee))
                    }
                case AF_INET6:
                    name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        found.append(SocketAddress($0.pointee))
                    }
                default:
                    break
                }
            }
            entry = current.pointee.ai_next
        }
        if found.isEmpty {
            return .failure(NetworkError(.nameNotFound, during: operation, reason: "\(host): no address"))
        }
        return .success(found)
    }
}
