import Foundation
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork
import Synchronization
import Testing

/// The README's example: one program, in the simulation and on sockets.
@Suite struct ReadmeExampleTests {
    @Sendable static func greet(_ providers: Providers) async {
        let client = PeerClient(name: "ping", to: Endpoint(host: "server", port: 4500), providers: providers)
        _ = try? await client.send(ByteBuffer(string: "hello"))
        await client.close()
    }

    private final class Heard: Sendable {
        let words = Mutex<[String]>([])
    }

    /// A server that keeps what it hears, and tells when it has heard something.
    private static func listen(_ providers: Providers, _ heard: Heard) async {
        let here = Endpoint(host: "server", port: 4500)
        let server = PeerServer(name: "pong", on: here, providers: providers) { message, _ in
            heard.words.withLock { $0.append(String(buffer: message.payload)) }
        }
        try? await server.run()
    }

    @Test func inTheSimulation() throws {
        var topology = Topology()
        let (a, b) = (topology.addHost("client"), topology.addHost("server"))
        topology.connect(a, b)
        let simulation = Simulation(topology: topology, seed: 7)
        simulation.addProcess("ping", on: a, program: Self.greet)
        let heard = Heard()
        simulation.addProcess("pong", on: b) { await Self.listen($0, heard) }
        try simulation.run(until: Instant(nanoseconds: 10_000_000_000))
        #expect(heard.words.withLock { $0 } == ["hello"])
    }

    /// As in production, but for the names, which a lab's directory has.
    @Test func onSockets() async throws {
        let executor = EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.next())
        let names = HostDirectory(hosts: ["server", "client"])
        let run = SocketRun(on: executor, seed: 7, directory: names)
        let heard = Heard()
        let server = run.makeProcess(on: "server").providers()
        server.tasks.start("pong") { await Self.listen(server, heard) }
        let process = run.makeProcess(on: "client")
        // It ends once its message is confirmed: the application of the other side has taken it.
        await process.providers().tasks.start("ping") { await Self.greet(process.providers()) }.finished()
        #expect(heard.words.withLock { $0 } == ["hello"])
        await run.shutdown()
    }

    @Test func aProcessOfItsOwn() async throws {
        let process = SocketProcess(on: EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.next()), seed: 7)
        let task = process.providers().tasks.start("ping") { await Self.greet(process.providers()) }
        // Nobody of that name is there; that it ends is all that can be said.
        task.cancel()
        await task.finished()
    }

    /// What the README shows is what these tests run, line by line.
    @Test func theReadmeSaysTheSame() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let test = Set(try String(contentsOf: here, encoding: .utf8).split(separator: "\n").map(Self.bare))
        let section = try #require(readme.components(separatedBy: "## As a library\n").dropFirst().first)
        let example = try #require(section.components(separatedBy: "```swift\n").dropFirst().first)
        let lines = example.components(separatedBy: "```")[0].split(separator: "\n").map(Self.bare)
        #expect(lines.count > 15)
        for line in lines where !line.isEmpty && !line.hasPrefix("//") {
            #expect(test.contains(line), "the README's line \"\(line)\" is in no test")
        }
    }

    /// A line without what differs by the place where it stands.
    private static func bare(_ line: Substring) -> String {
        line.trimmingCharacters(in: .whitespaces)
            .replacingOccurrences(of: "@Sendable static func", with: "@Sendable func")
            .replacingOccurrences(of: "Self.greet", with: "greet")
            .replacingOccurrences(of: "let task = process", with: "process")
    }
}
