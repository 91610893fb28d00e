import Foundation
import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

/// The system's own limits. Each in a process of its own, for they are those of all its tests.
@Suite struct ExhaustionTests {
    @Test("Without a descriptor left, connect and accept say so; with some again, accepting goes on")
    func descriptors() async throws {
        await #expect(processExitsWith: .success) {
            try await Production.with { here in
                let listener = try await here.serverNetwork.listen(on: Endpoint(host: "127.0.0.1", port: 0))
                // Some room, of which all but one is taken.
                var taken: [CInt] = []
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                limit.rlim_cur = 256
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                while true {
                    let descriptor = dup(0)
                    guard descriptor >= 0 else { break }
                    taken.append(descriptor)
                }
                func free(_ count: Int) { for _ in 0..<count { close(taken.removeLast()) } }
                var failed = await code { _ = try await here.clientNetwork.connect(to: listener.local) }
                guard failed == .tooManyOpenFiles else { exit(2) }
                free(1)
                let client = try await here.clientNetwork.connect(to: listener.local)
                for _ in 0..<3 {
                    failed = await code { _ = try await listener.accept() }
                    guard failed == .tooManyOpenFiles else { exit(3) }
                }
                free(4)
                let server = try await listener.accept()
                try await client.write(ByteBuffer(string: "x"))
                guard try await server.read(upTo: 1) == ByteBuffer(string: "x") else { exit(4) }
                free(taken.count)
            }
        }
    }
}
