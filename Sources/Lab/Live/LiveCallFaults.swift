import NIOConcurrencyHelpers
import PeerNetworking
import SimNetwork
import SocketNetwork

/// What is done to the calls of one life of a process on real sockets: it asks the run's world what is to become of each.
///
/// On the peers' event loop only.
final class LiveCallFaults: SocketFaults {
    private let world: LiveWorld
    private let process: ProcessID
    private let host: String
    /// Whether the hosts have a wire between them: what befalls a SYN that crosses it is its own.
    private let hasWire: Bool
    /// How many sockets the other processes of the host have open.
    private let openBeside: @Sendable () -> Int

    /// The faults of a process.
    ///
    /// - Parameters:
    ///   - host: the name of its host.
    ///   - hasWire: whether attempts to connect cross a wire, which refuses them or drops them itself.
    ///   - openBeside: how many sockets the other processes of its host have open.
    init(
        of process: ProcessID, on host: String, in world: LiveWorld, hasWire: Bool,
        openBeside: @escaping @Sendable () -> Int
    ) {
        self.process = process
        self.host = host
        self.world = world
        self.hasWire = hasWire
        self.openBeside = openBeside
    }

    // MARK: Connecting

    func lookUp(_ name: String) -> FailedLookUp? {
        let failure = world.askOfCall { [process] in $0.lookUp(name, by: process, at: $1) } ?? nil
        return failure.map { FailedLookUp(nanoseconds: $0.wait, error: $0.error(lookingUp: name)) }
    }

    func lack(for call: SocketCall, open: Int) -> NetworkError.Code? {
        let use: SocketUse =
            switch call {
            case .connect(let remote): .connecting(to: remote.host, port: remote.port)
            case .listen: .listening
            case .accept: .accepting
            }
        let open = open + openBeside()
        return world.askOfCall { [process] in $0.lack(for: use, of: process, open: open, at: $1) } ?? nil
    }

    func unasked(_ remote: Endpoint, _ error: NetworkError) {
        world.unasked(process, remote, error)
    }

    func refuses(_ connection: ConnectionID, to remote: Endpoint) -> Bool {
        if crossesWire(to: remote) { return false }
        world.opens(connection, by: process, to: remote)
        return world.askOfCall { $0.refuses(connection, at: $1) } ?? false
    }

    func isBacklogFull(ofPort port: UInt16) -> Bool {
        if hasWire { return false }
        return world.askOfCall { [process] world, _ in (world.isBacklogFull(ofPort: port, at: process), []) } ?? false
    }

    private func crossesWire(to remote: Endpoint) -> Bool { hasWire && remote.host != host }

    // MARK: Reads and writes

    func concernsCalls(on connection: ConnectionID) -> Bool {
        world.askOfCall { [process] world, _ in (world.concernsCalls(on: connection, of: process), []) } ?? false
    }

    func close(under connection: ConnectionID, _ side: SocketSide) -> SocketClose? {
        let close = world.askOfCall { [process] in $0.close(under: connection, Side(side), of: process, at: $1) } ?? nil
        return close.map { SocketClose($0) }
    }

    func portion(ofRead bytes: Int, on connection: ConnectionID, _ side: SocketSide) -> SocketPortion {
        SocketPortion(
            world.askOfCall { [process] in
                $0.share(ofRead: bytes, on: connection, Side(side), of: process, at: $1)
            } ?? .whole)
    }

    func portion(ofWrite bytes: Int, on connection: ConnectionID, _ side: SocketSide) -> SocketPortion {
        SocketPortion(
            world.askOfCall { [process] in
                $0.share(ofWrite: bytes, on: connection, Side(side), of: process, at: $1)
            } ?? .whole)
    }
}

/// Buggify of the peers of one life of a process, drawn by the world.
final class LiveBuggify: BuggifyEngine {
    private let world: LiveWorld
    private let process: ProcessID

    /// Buggify of a process's peers.
    init(of process: ProcessID, in world: LiveWorld) {
        self.process = process
        self.world = world
    }

    func fires(_ site: BuggifySite, for subject: String) -> Bool {
        world.ask { [process] in $0.fires(site, for: subject, of: process, at: $1) }
    }
}

extension SocketClose {
    fileprivate init(_ close: RandomClose) {
        let learns: Learns =
            switch close.learns {
            case .this: .this
            case .other: .other
            case .both: .both
            }
        self.init(learns, isReset: close.manner == .reset)
    }
}

extension SocketPortion {
    fileprivate init(_ share: CallShare) {
        self =
            switch share {
            case .whole: .all
            case .most(let bytes): .most(bytes)
            case .nothing(let nanoseconds): .nothing(nanoseconds: nanoseconds)
            }
    }
}
