import DequeModule
import NIOCore
public import PeerNetworking

/// A node that tells all the others at each interval that it lives, and reckons which of them do.
///
/// Its progress is the number of others that it takes to be alive, of those that there are.
public struct HeartbeatMesh: Workload {
    /// What a lab file may say.
    public struct Parameters: WorkloadParameters {
        /// How often it says that it lives.
        public var every = TimeSpan.milliseconds(100)
        /// The silence after which another node is taken to be dead, more than `every`; five times that unless given.
        public var suspectAfter: TimeSpan?

        /// Those that are not the types' own.
        public static let bounds = [
            "every": 1_000_000...TimeSpan.bounds.upperBound, "suspect-after": 1_000_000...TimeSpan.bounds.upperBound,
        ]

        /// A tenth of a second, and five of them.
        public init() {}
    }

    /// Its name in lab files.
    public static let name = "heartbeat-mesh"
    /// It listens.
    public static let role = WorkloadRole.listens
    /// Nodes connect to each other.
    public static let alsoConnects = true

    /// Its parameters.
    public let parameters: Parameters
    private let suspectAfter: Duration

    /// Makes a node.
    ///
    /// - Throws: ``Refusal`` where `suspect-after` is not more than `every`.
    public init(_ parameters: Parameters) throws(Refusal) {
        self.parameters = parameters
        suspectAfter = parameters.suspectAfter?.duration ?? parameters.every.duration * 5
        guard suspectAfter > parameters.every.duration else {
            throw Refusal("'suspect-after' must be more than 'every'", at: .value(["suspect-after"]))
        }
    }

    /// It counts those that it takes to be alive, and goes on without end.
    public var tale: WorkloadTale { WorkloadTale(countsTo: .max, finishes: false) }

    /// Takes part until its process ends.
    ///
    /// - Throws: what listening throws.
    public func run(_ peer: PeerContext) async throws(NetworkError) {
        let beats = Beats(of: peer, every: parameters.every.duration, suspectAfter: suspectAfter)
        let node = PeerNode(name: peer.name, on: peer.local, config: peer.config, providers: peer.providers) {
            message, session in
            if let other = session.remoteName { await beats.hear(other) }
        }
        peer.providers.tasks.start("\(peer.name) beats") { await beats.beat(over: node) }
        try await node.run()
    }
}

/// What a node hears of the others, and tells them.
private actor Beats {
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let others: [PeerContext.Other]
    private let interval: Duration
    private let suspectAfter: Duration
    private let providers: Providers
    private let number: PeerNumber
    /// Where each of the others is among them, by name; looked up, never iterated over.
    private let places: [String: Int]
    /// When each of the others was heard of last.
    private var heard: [Instant?]
    /// What was heard, oldest first: each beat is looked at twice, however many others there are.
    private var beats: Deque<(at: Instant, of: Int)> = []
    /// Of how many others something was heard that is not too long ago.
    private var alive = 0
    private var told: Int?

    init(of peer: PeerContext, every interval: Duration, suspectAfter: Duration) {
        others = peer.others
        self.interval = interval
        self.suspectAfter = suspectAfter
        providers = peer.providers
        executor = peer.providers.tasks.executor
        number = peer.register()
        heard = others.map { _ in nil }
        places = Dictionary(others.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func hear(_ other: String) {
        guard let index = places[other] else { return }
        let now = providers.time.now
        forgetSilent(at: now)
        if heard[index] == nil { alive += 1 }
        heard[index] = now
        // The order of time, also where the clock was set back in between.
        var place = beats.count
        while place > 0, beats[place - 1].at > now { place -= 1 }
        beats.insert((now, index), at: place)
        tell()
    }

    /// Takes those for dead of whom nothing was heard for too long. A clock that is set back makes nobody dead.
    private func forgetSilent(at now: Instant) {
        while let beat = beats.first, beat.at.duration(to: now) >= suspectAfter {
            beats.removeFirst()
            // A later beat of the same one is in the list too.
            guard heard[beat.of] == beat.at else { continue }
            heard[beat.of] = nil
            alive -= 1
        }
    }

    func beat(over node: PeerNode) async {
        var due = providers.time.now
        while true {
            for other in others {
                let link = await node.link(with: other.name, at: other.endpoint)
                // One that does not get through is worth nothing later.
                _ = try? await link.send(ByteBuffer(string: "beat"), delivery: .unreliable)
            }
            // A clock that is set forward leaves no beats to be made up for.
            due = max(due.advanced(by: interval), providers.time.now)
            if (try? await providers.time.sleep(until: due)) == nil { return }
            forgetSilent(at: providers.time.now)
            tell()
        }
    }

    private func tell() {
        guard alive != told else { return }
        told = alive
        providers.observer.note(.progress(done: UInt64(alive), of: UInt64(others.count)), of: number)
    }
}
