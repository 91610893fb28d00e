internal import NIOCore
internal import NIOPosix
internal import PeerNetworking

/// Addresses that are known already, as NIO asks for them: each family in the order in which the system wants them tried
/// (RFC 6724).
private struct KnownAddresses: Resolver, Sendable {
    let addresses: [SocketAddress]
    let loop: any EventLoop

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { ask(.inet) }
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { ask(.inet6) }
    func cancelQueries() {}

    private func ask(_ family: NIOBSDSocket.ProtocolFamily) -> EventLoopFuture<[SocketAddress]> {
        loop.makeSucceededFuture(addresses.filter { $0.protocol == family })
    }
}

/// The attempts of one race. On the loop only.
private final class Race {
    var attempts: [StreamCore] = []
    var isOver = false

    /// Gives up all attempts; none is begun any more.
    func end() {
        isOver = true
        for core in attempts { core.close() }
    }
}

extension ProcessLife {
    /// Connects to whichever of several addresses answers first: IPv6 and IPv4 in turn, one more every 250 ms or as soon as one
    /// fails, and the others are given up once one is connected ("Happy Eyeballs", RFC 8305).
    ///
    /// - Throws: what the last one failed with.
    func race(
        _ addresses: [SocketAddress], for connection: ConnectionID, to remote: Endpoint
    ) async throws(NetworkError) -> StreamCore {
        let race = Race()
        let confined = Confined((life: self, race: race), to: executor)
        let host = host
        let bootstrap = bootstrap {
            let (life, race) = confined.value
            guard !race.isOver, !life.isDead else { throw NetworkError(.cancelled, during: .connect, remote: remote) }
            let core = StreamCore(
                life: life, side: .client, connection: connection, local: Endpoint(host: host, port: 0), remote: remote)
            race.attempts.append(core)
            return core
        }
        .resolver(KnownAddresses(addresses: addresses, loop: executor.loop))
        let making = Making()
        making.awaits(bootstrap.connect(host: remote.host, port: Int(remote.port)))
        do throws(NetworkError) {
            let channel = try await made(making, .connect, local: nil, remote: remote)
            guard let core = race.attempts.first(where: { $0.context?.channel === channel }) else {
                throw NetworkError(.connectionReset, during: .connect, remote: remote)
            }
            try establish(core, on: channel)
            return core
        } catch {
            race.end()
            throw error
        }
    }
}
