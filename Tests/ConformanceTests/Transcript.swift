import NIOCore
import PeerNetworking
import Synchronization

/// What is common to the programs of a case: how far they have come, what they tell each other, and what they ask of
/// the world.
final class Stage: Sendable {
    /// What a program asks of the world around it.
    enum Request: Hashable, Sendable {
        case kill(String)
        case restart(String)
    }

    private struct State {
        var marks: [String: String] = [:]
        var waiting: [any Signal] = []
        var requests: [Request] = []
        var carryOut: (@Sendable (Request) -> Void)?
    }

    private let state = Mutex(State())

    /// The value of a mark, once it is set.
    func value(of mark: String) -> String? { state.withLock { $0.marks[mark] } }

    /// Sets a mark and wakes those that wait for one.
    func set(_ mark: String, to value: String) {
        let waiting = state.withLock { state in
            state.marks[mark] = value
            defer { state.waiting = [] }
            return state.waiting
        }
        for signal in waiting { signal.notify() }
    }

    fileprivate func add(_ signal: any Signal) { state.withLock { $0.waiting.append(signal) } }

    /// Has requests carried out as they come; without, they wait for ``takeRequests()``.
    func onRequest(_ action: @escaping @Sendable (Request) -> Void) { state.withLock { $0.carryOut = action } }

    fileprivate func ask(_ request: Request) {
        let carryOut = state.withLock { state in
            if state.carryOut == nil { state.requests.append(request) }
            return state.carryOut
        }
        carryOut?(request)
    }

    func takeRequests() -> [Request] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }
}

/// What the programs of one host say, in order.
final class Transcript: Sendable {
    let host: String
    private let stage: Stage
    private let lines = Mutex<[String]>([])

    init(host: String, stage: Stage) {
        self.host = host
        self.stage = stage
    }

    var all: [String] { lines.withLock { $0 } }

    func say(_ line: String) { lines.withLock { $0.append("\(host): \(line)") } }

    /// Says what something gives, or the code of the error that it throws.
    func say(_ what: String, _ body: () async throws -> String) async {
        let outcome: String
        do {
            outcome = try await body()
        } catch {
            outcome = "throws \(code(of: error))"
        }
        say("\(what): \(outcome)")
    }

    /// Says the whole of the error that something throws: what failed, where, and from where. A local port that was
    /// chosen is left out, for it is the run's own.
    func sayError(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            say("\(what): ok")
        } catch let error as NetworkError {
            let local = error.local.map { $0.port < 1_024 ? $0.description : "\($0.host):*" } ?? "-"
            let remote = error.remote.map { $0.port < 1_024 ? $0.description : "\($0.host):*" } ?? "-"
            say("\(what): \(error.operation.rawValue) \(error.code.rawValue) local \(local) remote \(remote)")
        } catch {
            say("\(what): \(error)")
        }
    }

    /// Lets others go on that wait for a mark; one that is set stays set.
    func mark(_ mark: String, _ value: String = "") { stage.set(mark, to: value) }

    /// Whether a mark is set.
    func isMarked(_ mark: String) -> Bool { stage.value(of: mark) != nil }

    /// Waits for a mark, and gives its value.
    @discardableResult
    func awaits(_ mark: String, _ providers: Providers) async throws -> String {
        let signal = providers.tasks.makeSignal()
        while true {
            if let value = stage.value(of: mark) { return value }
            stage.add(signal)
            try await signal.wait()
        }
    }

    /// Kills a host's program, as `SIGKILL` would.
    func kill(_ host: String) { stage.ask(.kill(host)) }

    /// Kills a host's program and starts it anew.
    func restart(_ host: String) { stage.ask(.restart(host)) }
}

/// The code of an error, for a transcript.
func code(of error: any Error) -> String { (error as? NetworkError)?.code.rawValue ?? "\(error)" }

/// A buffer as text, for a transcript.
func text(_ bytes: ByteBuffer?) -> String { bytes.map { String(buffer: $0) } ?? "end of stream" }

/// A buffer of text.
func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

extension ByteStream {
    /// Reads exactly so many bytes, or to the end.
    func read(exactly count: Int) async throws -> ByteBuffer? {
        var all = ByteBuffer()
        while all.readableBytes < count {
            guard let chunk = try await read(upTo: count - all.readableBytes) else { break }
            all.writeImmutableBuffer(chunk)
        }
        return all.readableBytes == 0 ? nil : all
    }
}
