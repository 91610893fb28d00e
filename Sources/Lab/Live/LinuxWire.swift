import Bug
import LinuxNetwork
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork
import TCP

/// The wire between the hosts of a lab that are namespaces: what a kernel sends enters the links of the run's world, and what
/// lands there is given to the kernel that it is for.
///
/// On the world's loop only, but for what says otherwise.
final class LinuxWire: Sendable {
    /// The way from one socket to another.
    private struct Way: Hashable {
        let source: UInt32
        let sourcePort: UInt16
        let destination: UInt32
        let destinationPort: UInt16

        var back: Way {
            Way(
                source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort)
        }
    }

    /// What the wire knows.
    private struct State {
        /// Which connection goes which way; looked up, never iterated over.
        var ways: [Way: (connection: ConnectionID, side: Side)] = [:]
        /// The way of each connection's client.
        var clients: [ConnectionID: Way] = [:]
        /// Those whose server has not said yet that they are open: its kernel may have had no room for what ends a handshake.
        var unconfirmed: Set<ConnectionID> = []
        /// The kernels will be asked for these soon.
        var isAsking = false
        /// The devices, by host, while they are read.
        var channels: [(any Channel)?]
    }

    let hosts: LinuxHosts
    private let loop: any EventLoop
    private let book: ConnectionBook
    private let world: LiveWorld
    private let state: NIOLoopBoundBox<State>
    private let late = NIOLockedValueBox(WireLateness())
    private let count: Int

    /// How often the kernels are asked which of their sockets are left.
    /// It looks through all connections of the machine for that.
    private static let lookInterval = TimeAmount.seconds(1)
    private static let watchInterval = TimeAmount.milliseconds(20)
    /// An end that has just done something is not asked for.
    private static let settled: Int64 = 500_000_000
    /// So long after a handshake its server's kernel is asked, for all that have ended meanwhile.
    private static let confirmation = TimeAmount.milliseconds(20)

    init(_ hosts: LinuxHosts, count: Int, on loop: any EventLoop, book: ConnectionBook, world: LiveWorld) {
        (self.hosts, self.loop, self.book, self.world, self.count) = (hosts, loop, book, world, count)
        state = NIOLoopBoundBox.makeBoxSendingValue(
            State(channels: Array(repeating: nil, count: count)), eventLoop: loop)
    }

    /// Begins to read the devices.
    func begin() {
        for host in 0..<count { read(HostID(host)) }
        watch(loop)
        loop.scheduleRepeatedTask(initialDelay: Self.lookInterval, delay: Self.lookInterval) { [weak self] _ in
            self?.lookForEnds()
        }
    }

    private func read(_ host: HostID) {
        let namespace = hosts[host]
        // The channel closes what it reads.
        let descriptor = dup(namespace.device)
        guard descriptor >= 0 else { return }
        let opening = NIOPipeBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DeviceReader(host, wire: self))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
        opening.assumeIsolated().whenSuccess { [self] in state.value.channels[Int(host.index)] = $0 }
    }

    /// A packet has left a host.
    fileprivate func took(_ bytes: ByteBuffer, from host: HostID) {
        // The reader's buffer has room for the largest packet: what is kept takes as much as it needs.
        guard let packet = Packet(bytes.readableBytes > 4_096 ? bytes : ByteBuffer(bytes: bytes.readableBytesView)),
            packet.source == HostAddresses.benchmark.number(Int(host.index))
        else { return }
        guard let target = HostAddresses.benchmark.index(packet.destination), target < count else {
            // Nobody has the address.
            let answer = packet.notice(code: 1, mtu: 0, from: packet.source)
            _ = answer.withUnsafeBytes { hosts[host].take($0) }
            return
        }
        let way = Way(
            source: packet.source, sourcePort: packet.sourcePort, destination: packet.destination,
            destinationPort: packet.destinationPort)
        let isFirst = packet.segment.flags.intersection([.syn, .ack]) == .syn
        let known = state.value.ways[way]
        if let known, !isFirst || world.end(known.connection, known.side)?.state == .synSent {
            return world.leaves(packet.segment, of: known.connection, from: known.side)
        }
        guard isFirst else {
            // What is left of a connection that is over: its kernels settle it between them.
            _ = bytes.withUnsafeReadableBytes { hosts[HostID(target)].take($0) }
            return
        }
        let entry = book.entry(of: pair(way), after: known?.connection)
        if let known { forget(known.connection) }
        state.value.ways[way] = (entry.connection, .client)
        state.value.ways[way.back] = (entry.connection, .server)
        state.value.clients[entry.connection] = way
        state.value.unconfirmed.insert(entry.connection)
        world.open(
            entry.connection, from: (host, packet.sourcePort), to: (HostID(target), packet.destinationPort),
            by: entry.process.map { ProcessID($0) })
        world.leaves(packet.segment, of: entry.connection, from: .client)
    }

    private func pair(_ way: Way) -> ConnectionBook.Pair {
        func address(_ number: UInt32, _ port: UInt16) -> SocketAddress {
            var bytes = ByteBuffer()
            bytes.writeInteger(number)
            guard let address = try? SocketAddress(packedIPAddress: bytes, port: Int(port)) else {
                bug("four bytes are no address")
            }
            return address
        }
        return ConnectionBook.Pair(
            client: address(way.source, way.sourcePort), server: address(way.destination, way.destinationPort))
    }

    private func forget(_ connection: ConnectionID) {
        state.value.unconfirmed.remove(connection)
        guard let way = state.value.clients.removeValue(forKey: connection) else { return }
        for way in [way, way.back] where state.value.ways[way]?.connection == connection {
            state.value.ways[way] = nil
        }
    }

    /// Does for real what the world has decided.
    func follow(_ change: Change) {
        if case .forgotten(let connection) = change {
            if let way = state.value.clients[connection] { book.forget(pair(way)) }
            forget(connection)
        } else if case .power(let host, let isOn) = change {
            if isOn { renew(host) } else { hosts.prepare(host) }
        }
    }

    private func renew(_ host: HostID) {
        state.value.channels[Int(host.index)]?.close(promise: nil)
        state.value.channels[Int(host.index)] = nil
        do throws(MachineFailure) {
            try hosts.renew(host)
            read(host)
        } catch {
            world.fails("a host cannot begin anew: \(error)")
        }
    }

    /// Gives a kernel what has landed.
    func land(_ landing: Landing) {
        let delay = world.elapsed - landing.due
        late.withLockedValue { $0.record(delay) }
        let (source, target) = (landing.from, landing.to)
        let packet = Packet(
            source: HostAddresses.benchmark.number(Int(source.host.index)),
            destination: HostAddresses.benchmark.number(Int(target.host.index)), sourcePort: source.port,
            destinationPort: target.port, segment: landing.segment)
        let bytes =
            landing.notice.map { Self.message($0, for: packet) }
            ?? Packet.arriving(landing.segment, isDamaged: landing.isDamaged) ?? packet.bytes
        _ = bytes.withUnsafeBytes { hosts[target.host].take($0) }
        if landing.notice == nil, !landing.segment.flags.contains(.syn) {
            confirm(
                Way(
                    source: packet.source, sourcePort: packet.sourcePort, destination: packet.destination,
                    destinationPort: packet.destinationPort))
        }
    }

    /// What may end a handshake has come to a server.
    private func confirm(_ way: Way) {
        guard !state.value.unconfirmed.isEmpty, !state.value.isAsking, let known = state.value.ways[way],
            known.side == .client, state.value.unconfirmed.contains(known.connection)
        else { return }
        state.value.isAsking = true
        loop.scheduleTask(in: Self.confirmation) { [weak self] in self?.askForHandshakes() }
    }

    /// Asks the servers' kernels for handshakes that were about to end.
    private func askForHandshakes() {
        state.value.isAsking = false
        var sockets = Sockets()
        for connection in state.value.unconfirmed.sorted() {
            guard let way = state.value.clients[connection], let end = world.end(connection, .server),
                let state = self.state(of: way.back, &sockets)
            else { continue }
            guard state == .synReceived else {
                self.state.value.unconfirmed.remove(connection)
                continue
            }
            if end.state == .established { world.told(state, of: connection, .server) }
        }
    }

    /// What kernels have said of their sockets, once asked.
    private typealias Sockets = [HostID: [KernelSocket.Name: TCPState]]

    /// What a kernel says of the end from which a way leads; nil where it knows none.
    private func state(of way: Way, _ known: inout Sockets) -> TCPState? {
        guard let index = HostAddresses.benchmark.index(way.source) else { return nil }
        let host = HostID(index)
        if known[host] == nil {
            known[host] = Dictionary(hosts[host].openSockets.map { ($0.name, $0.state) }) { $1 }
        }
        return known[host]?[
            KernelSocket.Name(port: way.sourcePort, remote: way.destination, remotePort: way.destinationPort)]
    }

    /// What the network says to the sender of a packet that this one would answer.
    private static func message(_ notice: Notice, for answer: Packet) -> [UInt8] {
        let code: UInt8 =
            switch notice {
            case .networkUnreachable: 0
            case .hostUnreachable: 1
            case .fragmentationNeeded: 4
            }
        let original = Packet(
            source: answer.destination, destination: answer.source, sourcePort: answer.destinationPort,
            destinationPort: answer.sourcePort,
            segment: TCPSegment(flags: .ack, window: 0, sequence: answer.segment.sequence, acknowledgement: 0))
        return original.notice(
            code: code, mtu: notice == .fragmentationNeeded ? answer.segment.window : 0, from: answer.source)
    }

    /// Asks the kernels for the ends of which nothing was seen for a while: they may have given up without a word.
    private func lookForEnds() {
        var sockets = Sockets()
        let now = world.elapsed
        for (connection, way) in state.value.clients.sorted(by: { $0.key < $1.key }) {
            for side in Side.allCases {
                guard let end = world.end(connection, side), now - end.heard > Self.settled else { continue }
                world.told(state(of: side == .client ? way : way.back, &sockets), of: connection, side)
            }
        }
    }

    /// Whether all that the kernels have sent by now has arrived; from any other thread. What arrives is answered at once, if
    /// at all, so nothing more comes until somebody does something, or a timer of a kernel is due.
    var isStill: Bool { BlockingAnswer.of(loop) { [self] in !hosts.haveSent && world.isStill } }

    /// Notes from now on by how much a loop comes too late to what it is to do, from any thread.
    func watch(_ loop: any EventLoop) {
        loop.execute { [late] in
            let looked = NIOLoopBoundBox(NIODeadline.now(), eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: Self.watchInterval, delay: Self.watchInterval) { _ in
                let delay = NIODeadline.now() - looked.value - Self.watchInterval
                late.withLockedValue { $0.sawStall(delay.nanoseconds) }
                looked.value = .now()
            }
        }
    }

    /// How late packets were, from any thread.
    var lateness: WireLateness { late.withLockedValue { $0 } }

    /// Ends it.
    func close() {
        for channel in state.value.channels { channel?.close(promise: nil) }
        hosts.close()
    }
}

/// Reads a device: each read is one packet.
private final class DeviceReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let host: HostID
    private weak let wire: LinuxWire?

    init(_ host: HostID, wire: LinuxWire) { (self.host, self.wire) = (host, wire) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { wire?.took(unwrapInboundIn(data), from: host) }
}
