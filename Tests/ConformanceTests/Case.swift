import NIOCore
import PeerNetworking
import Testing

/// Runs a case and compares what was said with the one expectation for both providers.
func expect(
    _ expected: [String], on provider: ProviderUnderTest, sourceLocation: SourceLocation = #_sourceLocation,
    server: @escaping CaseProgram, client: @escaping CaseProgram
) async throws {
    let transcript = try await run(on: provider, server: server, client: client)
    #expect(transcript == expected, sourceLocation: sourceLocation)
}

/// A connection beside the one under test: what was sent on that one before a crossing has arrived after it.
struct Barrier {
    private let stream: any ByteStream

    /// Answers crossings, on the host that does not cross.
    static func serve(_ providers: Providers, _ transcript: Transcript) async throws {
        let listener = try await providers.network.listen(on: Endpoint(host: transcript.host, port: 7))
        transcript.mark("barrier")
        providers.tasks.start("barrier") {
            do {
                let stream: any ByteStream = try await listener.accept()
                while let bytes = try await stream.read(upTo: 1) { try await stream.write(bytes) }
                await stream.close()
            } catch {
                // The case is over.
            }
            await listener.close()
        }
    }

    /// Opens the barrier that the other host serves.
    init(to host: String, _ providers: Providers, _ transcript: Transcript) async throws {
        try await transcript.awaits("barrier", providers)
        stream = try await providers.network.connect(to: Endpoint(host: host, port: 7))
    }

    /// Goes to the other host and back, twice: the first time it may leave together with what it is to follow.
    func cross() async throws {
        for _ in 0..<2 {
            try await stream.write(bytes("x"))
            _ = try await stream.read(upTo: 1)
        }
    }
}

/// A server program that listens, marks `listening`, accepts one connection and goes on with it.
func accepting(
    _ body: @escaping @Sendable (any ByteStream, Providers, Transcript) async throws -> Void
) -> CaseProgram {
    { providers, transcript in
        let listener = try await providers.network.listen(on: port80)
        transcript.mark("listening")
        let stream: any ByteStream = try await listener.accept()
        try await body(stream, providers, transcript)
        await stream.close()
        await listener.close()
    }
}

/// A client program that connects once the server listens, and goes on with the connection.
func connecting(
    _ body: @escaping @Sendable (any ByteStream, Providers, Transcript) async throws -> Void
) -> CaseProgram {
    { providers, transcript in
        try await transcript.awaits("listening", providers)
        let stream: any ByteStream = try await providers.network.connect(to: port80)
        try await body(stream, providers, transcript)
        await stream.close()
    }
}

/// Sends back all that comes, to the end of the stream.
func echo(_ stream: any ByteStream) async throws {
    while let chunk = try await stream.read(upTo: 65_536) { try await stream.write(chunk) }
}

/// Does nothing: a host whose program plays no part.
let idle: CaseProgram = { _, _ in }

/// Runs a peer server on port 80 until the client is done.
///
/// - Parameter meanwhile: what else there is to do before that.
func serving(
    _ providers: Providers, _ transcript: Transcript, config: PeerConfig = .test, observer: (any PeerObserver)? = nil,
    onStream: StreamHandler? = nil, meanwhile: @Sendable (PeerServer) async throws -> Void = { _ in },
    _ handler: @escaping MessageHandler, onArrival: ArrivalHandler? = nil
) async throws {
    var providers = providers
    providers.observer = observer ?? Listener(transcript)
    let server = PeerServer(
        name: "server", on: port80, config: config, providers: providers, onStream: onStream, onMessage: handler,
        onArrival: onArrival)
    let running = providers.tasks.start("server") { try? await server.run() }
    try await meanwhile(server)
    try await transcript.awaits("done", providers)
    await server.close()
    await running.finished()
}
