import Foundation
import Glibc
import NIOCore
import PeerNetworking
import Synchronization

@testable import Lab

/// Many connections on real sockets, in a process that does nothing else: what it has at the end it has been given back.
enum Load {
    /// What a process has: descriptors, network namespaces among them, and bytes of memory.
    struct Look: Codable, CustomStringConvertible {
        let descriptors: Int
        let namespaces: Int
        let resident: Int

        static var now: Look {
            let folder = "/proc/self/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let targets = names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            }
            let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
            return Look(
                descriptors: targets.count, namespaces: Set(targets.filter { $0.hasPrefix("net:[") }).count,
                resident: (pages.flatMap { Int($0[1]) } ?? 0) * Int(getpagesize()))
        }

        var description: String {
            "\(descriptors) descriptors, \(namespaces) namespaces, \(resident >> 10) KiB"
        }
    }

    /// What came of it.
    struct Report: Codable, CustomStringConvertible {
        let before: Look
        /// After a tenth of all, while the rest is still to come.
        let afterTenth: Look
        /// After all, while its hosts are still there.
        let atEnd: Look
        let after: Look
        let answers: Int

        var description: String {
            "\(answers) answers; before: \(before); after a tenth: \(afterTenth); at the end: \(atEnd); after: \(after)"
        }

        /// A line that a child process says it in.
        var line: String { "report " + ((try? String(decoding: JSONEncoder().encode(self), as: UTF8.self)) ?? "") }

        init?(output: [UInt8]) {
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
            guard let line = lines.last(where: { $0.hasPrefix("report ") }) else { return nil }
            guard let report = try? JSONDecoder().decode(Report.self, from: Data(line.dropFirst(7).utf8)) else {
                return nil
            }
            self = report
        }

        init(before: Look, afterTenth: Look, atEnd: Look, after: Look, answers: Int) {
            (self.before, self.afterTenth, self.atEnd) = (before, afterTenth, atEnd)
            (self.after, self.answers) = (after, answers)
        }
    }

    /// Descriptors that a process has beside those of connections.
    private static let others = 200

    /// Lets this process have so many sockets, if it may.
    ///
    /// - Returns: why it may not.
    static func obstacle(toSockets count: Int) -> String? {
        let needed = rlim_t(count + others)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return "the limit of open files is not told" }
        if limit.rlim_cur >= needed { return nil }
        let hard = limit.rlim_max
        limit.rlim_cur = needed
        limit.rlim_max = max(hard, needed)
        return setrlimit(resource, &limit) == 0
            ? nil : "\(count) sockets need \(needed) open files, and a process may have \(hard) (ulimit -Hn)"
    }

    /// Has so many connections open at once, both ends in this process; ten times one after another.
    static func atOnce(_ count: Int, rounds: Int = 10, on provider: ProviderUnderTest) async throws -> Report {
        if let obstacle = obstacle(toSockets: 2 * count) { throw KernelError.scenario(obstacle) }
        return try await report(on: provider) { providers, transcript, looks in
            try await ask(count, rounds, at: port80, providers, transcript, looks)
        }
    }

    /// Opens so many connections, and closes them when all have been used; so often one after another. Each has a byte there
    /// and back as soon as it is open, and another one when all are.
    static func ask(
        _ count: Int, _ rounds: Int, at server: Endpoint, _ providers: Providers, _ transcript: Transcript,
        _ looks: Looks
    ) async throws {
        for round in 0..<rounds {
            // So many at a time are asked for; no more fit into the backlog.
            let workers = min(count, 50)
            let gate = Gate(transcript, of: workers, in: round)
            for worker in 0..<workers {
                providers.tasks.start("worker \(worker)") {
                    let share = count / workers + (worker < count % workers ? 1 : 0)
                    var streams: [any ByteStream] = []
                    for _ in 0..<share {
                        do {
                            let stream = try await providers.network.connect(to: server)
                            // What answers is accepted, and no longer in the backlog.
                            await use(stream, looks)
                            streams.append(stream)
                        } catch {
                            transcript.say("connect: \(error)")
                        }
                    }
                    // All are open before the first is used again, and until the last has been.
                    _ = try? await gate.arrive("open", providers)
                    for stream in streams { await use(stream, looks) }
                    _ = try? await gate.arrive("used", providers)
                    // With a reset, so that no port waits for its time to be over.
                    for stream in streams { await stream.reset() }
                    _ = try? await gate.arrive("closed", providers)
                }
            }
            try await gate.opens("closed", providers)
            if round == max(0, rounds / 10 - 1) { looks.tenth() }
        }
    }

    private static func use(_ stream: any ByteStream, _ looks: Looks) async {
        try? await stream.write(bytes("x"))
        if (try? await stream.read(upTo: 1)) == bytes("x") { looks.answered() }
    }

    /// Sends back what comes over each connection that is accepted, until nothing more is.
    static func answer(
        _ listener: any StreamListener, _ providers: Providers, onEnd: @escaping @Sendable () -> Void = {}
    ) async {
        while let stream = try? await listener.accept() {
            providers.tasks.start("echo") {
                try? await echo(stream)
                await stream.close()
                onEnd()
            }
        }
    }

    /// Where workers wait until all have come so far.
    private final class Gate: Sendable {
        private let transcript: Transcript
        private let workers: Int
        private let round: Int
        private let came = Mutex<[String: Int]>([:])

        init(_ transcript: Transcript, of workers: Int, in round: Int) {
            (self.transcript, self.workers, self.round) = (transcript, workers, round)
        }

        /// One has come to a place, and waits there for the others.
        func arrive(_ place: String, _ providers: Providers) async throws {
            let all = came.withLock { counts in
                counts[place, default: 0] += 1
                return counts[place] == workers
            }
            if all { transcript.mark("\(place) \(round)") }
            try await opens(place, providers)
        }

        /// Waits until all have come to a place.
        func opens(_ place: String, _ providers: Providers) async throws {
            try await transcript.awaits("\(place) \(round)", providers)
        }
    }

    /// A peer connects anew so many times, each time with a message and its answer.
    static func reconnects(_ count: Int, on provider: ProviderUnderTest) async throws -> Report {
        try await report(on: provider) { providers, _, looks in
            var config = PeerConfig.test
            config.heartbeat = nil
            config.backoff.initial = .milliseconds(1)
            let peer = Peer(name: "peer", to: port7, config: config, providers: providers)
            for number in 1...count {
                try await peer.send(ByteBuffer(integer: number))
                if try await peer.receive()?.payload == ByteBuffer(integer: number) { looks.answered() }
                if number == max(1, count / 10) { looks.tenth() }
                await peer.reconnect()
            }
            await peer.close()
        }
    }

    private static let port7 = Endpoint(host: "server", port: 7)

    /// How many of something there are.
    private final class Count: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add(_ more: Int) { count.add(more, ordering: .relaxed) }
    }

    /// What the client says while it is at work.
    final class Looks: Sendable {
        private let count = Count()
        private let looks = Mutex<[Look]>([])
        var answers: Int { count.value }
        var all: [Look] { looks.withLock { $0 } }
        func answered() { count.add(1) }
        func tenth() { looks.withLock { $0 = [.now] } }
        func end() { looks.withLock { $0.append(.now) } }
    }

    /// Runs a client beside a server that sends all back: bytes on one port, and messages on another.
    private static func report(
        on provider: ProviderUnderTest,
        _ client: @escaping @Sendable (Providers, Transcript, Looks) async throws -> Void
    ) async throws -> Report {
        keepNoBacktraces()
        // What is opened once is there before.
        _ = try await run(on: provider, server: idle, client: idle)
        let (before, looks) = (Look.now, Looks())
        let said = try await run(
            on: provider,
            server: { providers, transcript in
                let listener = try await providers.network.listen(on: port80)
                let peers = PeerServer(name: "server", on: port7, config: .test, providers: providers) {
                    message, session in _ = try? await session.send(message.payload)
                }
                let running = providers.tasks.start("peers") { try? await peers.run() }
                providers.tasks.start("accept") { await answer(listener, providers) }
                transcript.mark("listening")
                try await transcript.awaits("done", providers)
                await listener.close()
                await peers.close()
                await running.finished()
            },
            client: { providers, transcript in
                try await transcript.awaits("listening", providers)
                do {
                    try await client(providers, transcript, looks)
                } catch {
                    transcript.say("\(error)")
                }
                looks.end()
                transcript.mark("done")
            })
        guard said.isEmpty, looks.all.count == 2 else { throw KernelError.scenario("\(said)") }
        return Report(
            before: before, afterTenth: looks.all[0], atEnd: looks.all[1], after: .now, answers: looks.answers)
    }
}

extension Load {
    /// Lets Swift Testing keep no backtraces of errors that are thrown: the sockets throw one for each connection that is not
    /// there at once, and what is kept of it is no memory of theirs.
    static func keepNoBacktraces() {
        for name in ["_swift_willThrow", "_swift_willThrowTypedImpl"] {
            dlsym(nil, name)?.assumingMemoryBound(to: UnsafeRawPointer?.self).pointee = nil
        }
    }
}
