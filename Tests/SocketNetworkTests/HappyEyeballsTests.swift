import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

/// A name with several addresses (RFC 8305).
@Suite struct HappyEyeballsTests {
    /// Addresses by name, which a test gives as soon as it has its ports.
    private final class Names: Sendable {
        private let known = NIOLockedValueBox<[String: [SocketAddress]]>([:])
        var source: NameSource { { [known] name, _ in known.withLockedValue { $0[name] ?? [] } } }

        func set(_ name: String, _ addresses: [(String, UInt16)]) throws {
            let all = try addresses.map { try SocketAddress(ipAddress: $0.0, port: Int($0.1)) }
            known.withLockedValue { $0[name] = all }
        }
    }

    private static let many = Endpoint(host: "many", port: 1)

    @Test("IPv6 is tried first, and the next address as soon as one has failed")
    func bothFamilies() async throws {
        let names = Names()
        try await Production.with(names: names.source) { here in
            let four = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.1", port: 0))
            let port = four.local.port
            try names.set("many", [("127.0.0.1", port), ("::1", port)])
            // Nobody listens on the IPv6 address yet.
            let first = try await here.clientNetwork.connect(to: Self.many)
            #expect(first.local.host == "127.0.0.1")
            let accepted = try await four.accept()
            #expect(accepted.connection == first.connection)
            _ = try await here.serverNetwork.listen(on: Endpoint(host: "::1", port: port))
            let second = try await here.clientNetwork.connect(to: Self.many)
            #expect(second.local.host == "::1")
            #expect(here.client.openSockets == 2)
        }
    }

    @Test("An address that does not answer is not waited for, and is given up once another has")
    func silentAddress() async throws {
        let names = Names()
        try await Production.with(names: names.source) { here in
            let silent = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.9", port: 0))
            let filled = try Self.fill(silent, of: here.server)
            defer { withExtendedLifetime(filled) {} }
            let open = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.1", port: 0))
            try names.set("many", [("127.0.0.9", silent.local.port), ("127.0.0.1", open.local.port)])
            let stream = try await here.clientNetwork.connect(to: Self.many)
            #expect(stream.kernelState()?.state == .established)
            let accepted = try await open.accept()
            try await stream.write(ByteBuffer(string: "x"))
            let bytes = try await accepted.read(upTo: 1)
            #expect(text(bytes) == "x")
            try await here.until { here.client.openSockets == 1 }
        }
    }

    @Test("Where all have failed the last failure is told; a name without an address is not found")
    func allFail() async throws {
        let names = Names()
        try await Production.with(names: names.source) { here in
            let gone = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.1", port: 0))
            try names.set("many", [("127.0.0.1", gone.local.port), ("::1", gone.local.port)])
            await gone.close()
            await expect(.connectionRefused) { _ = try await here.clientNetwork.connect(to: Self.many) }
            await expect(.nameNotFound) {
                _ = try await here.clientNetwork.connect(to: Endpoint(host: "nobody", port: 1))
            }
            try await here.until { here.client.openSockets == 0 }
        }
    }

    @Test("Whoever is cancelled gives up all attempts, and none is begun any more")
    func cancelled() async throws {
        let names = Names()
        try await Production.with(names: names.source) { here in
            let silent = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.9", port: 0))
            let filled = try Self.fill(silent, of: here.server)
            defer { withExtendedLifetime(filled) {} }
            let port = silent.local.port
            try names.set("many", Array(repeating: ("127.0.0.9", port), count: 4))
            let outcome = NIOLockedValueBox<NetworkError.Code?>(nil)
            let attempt = SocketTaskProvider(here.client).start("connect") {
                let code = await code { _ = try await here.clientNetwork.connect(to: Self.many) }
                outcome.withLockedValue { $0 = code }
            }
            // The second begins while the first is under way.
            try await here.until { here.client.openSockets >= 2 }
            attempt.cancel()
            await attempt.finished()
            #expect(outcome.withLockedValue { $0 } == .cancelled)
            try await here.until { here.client.openSockets == 0 }
        }
    }

    /// Fills a listener's backlog, so that the kernel drops further SYNs.
    private static func fill(_ listener: SocketListener, of process: SocketProcess) throws -> BacklogFiller {
        let core = try #require(process.life.value.openListeners.first { $0.local == listener.local })
        let channel = try #require(core.channel)
        Descriptor.listen(try #require(Descriptor.of(channel)), backlog: 0)
        let filler = BacklogFiller()
        let address = try #require(channel.localAddress)
        for _ in 0..<2 { filler.fill(address) }
        return filler
    }
}
