import CLinux
package import Drill
import Foundation
import Glibc
import NIOCore
package import TCP

/// The kernel's TCP of this machine under a script: in a network namespace of its own, behind a device whose other side is the
/// script. Used by the thread that made it alone.
package final class KernelStack: DrillStack {
    private let device: HostDevice
    /// Tells what a pair of devices has handed on; nil of a device that does so at once. A pair does when the kernel comes to it,
    /// which on a busy machine may be later than who has sent it thinks.
    private let counts: KernelCounts?
    private var begun: Int64 = 0
    private var descriptors: [Int64: Int32] = [:]
    private var nextDescriptor: Int64 = 3
    private var connection: Int32?
    private var arrived: [(packet: Packet, at: Int64)] = []
    private var waiting: BlockedCall?
    /// The port of the stack's side, as its packets or its listener show it.
    private var localPort: UInt16 = KernelStack.port
    private var remotePort: UInt16 = KernelStack.clientPort
    private var congestion = "cubic"
    package private(set) var lateness: Int64 = 0
    /// Packets that the device had no room for, once it is closed: what they would have shown nobody knows.
    package private(set) var dropped: Int64 = 0

    // Of 198.18.0.0/15, which is for benchmarks and never routed (RFC 2544).
    private static let local: UInt32 = 0xC612_0001
    private static let remote: UInt32 = 0xC612_0002
    private static let netmask: UInt32 = 0xFFFF_FF00
    private static let port: UInt16 = 8_080
    private static let clientPort: UInt16 = 40_000
    private static let name = "peerlab0"

    /// Moves the calling thread into a network namespace of its own.
    ///
    /// - Parameter kind: how its device is made; nil for as it can be.
    /// - Throws: ``DrillFailure`` where the machine forbids it, or a setting is not known to it.
    package init(settings: [String: String], device kind: HostDevice.Kind? = nil) throws(DrillFailure) {
        let unshared = peerlab_unshare_network()
        guard unshared == 0 else {
            throw .machine(
                "no network namespace may be made (\(Self.text(of: -unshared))); as root it may, or under 'unshare -Urn'"
            )
        }
        do throws(MachineFailure) {
            device = try HostDevice(kind, Self.name, address: Self.local, netmask: Self.netmask, mtu: 1_500)
        } catch {
            throw .machine(error.description)
        }
        counts = device.kind == .veth ? KernelCounts(.snmp) : nil
        let settings = KernelSettings.usual.merging(settings) { $1 }
        do throws(DrillFailure) {
            for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
                if name == "net.ipv4.tcp_congestion_control" {
                    congestion = value
                } else {
                    try Self.set(name, to: value)
                }
            }
        } catch {
            device.close()
            counts?.close()
            throw error
        }
        begun = Self.clock
    }

    /// Makes a setting of the namespace. Nothing of the machine's own is ever written: what is there is the network's alone.
    private static func set(_ name: String, to value: String) throws(DrillFailure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard name.hasPrefix("net."), isPlain else { throw .unsupported("the setting '\(name)'") }
        do throws(MachineFailure) { try KernelSettings.write(name, value) } catch { throw .machine(error.description) }
    }

    private static func text(of error: Int32) -> String { String(cString: strerror(error)) }

    // MARK: Time

    /// A tick of the kernel's clock, and up to an eighth of what is waited for: its timers stand in a wheel of eight levels.
    package func grain(ofTimer wait: Int64) -> Int64 { Self.tick + max(0, wait) / 8 }

    /// How long a script may take.
    private static let longest: Int64 = 600_000_000_000
    private static let tooLong = DrillFailure.machine("the script takes longer than \(longest / 1_000_000_000) s")

    /// 250 ticks a second, as Debian has it.
    private static let tick: Int64 = 4_000_000

    private static var clock: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    package var now: Int64 { Self.clock - begun }

    /// What comes from the kernel is taken at once, so that it has its time.
    package func wait(until time: Int64) throws(DrillFailure) {
        guard time <= Self.longest else { throw Self.tooLong }
        receive()
        while true {
            let left = time - now
            guard left > 0 else {
                lateness = max(lateness, -left)
                return
            }
            pollDevice(for: left)
            receive()
        }
    }

    private func pollDevice(for time: Int64) {
        // The end of a wait is met by going round: a poll that sleeps to the last moment wakes after it.
        let nap = time > 1_500_000 ? time - 500_000 : 0
        let start = Self.clock
        peerlab_wait_for_input(device.descriptor, nap)
        // Who sleeps for too long finds what came meanwhile with a wrong time.
        lateness = max(lateness, Self.clock - start - nap - 500_000)
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(device.descriptor, &bytes, bytes.count)
            guard count > 0 else { return }
            guard let packet = Packet(Array(bytes.prefix(count))), packet.destination == Self.remote else { continue }
            localPort = packet.sourcePort
            remotePort = packet.destinationPort
            arrived.append((packet, now))
        }
    }

    package var untaken: Int { arrived.count }

    package func next(
        until time: Int64
    ) throws(DrillFailure) -> (segment: TCPSegment, at: Int64)? {
        guard time <= Self.longest else { throw Self.tooLong }
        receive()
        while arrived.isEmpty {
            let left = time - now
            guard left > 0 else { return nil }
            pollDevice(for: left)
            receive()
        }
        let first = arrived.removeFirst()
        return (first.packet.segment, first.at)
    }

    // MARK: The wire

    package func take(_ segment: TCPSegment) throws(DrillFailure) {
        let packet = Packet(
            source: Self.remote, destination: Self.local, sourcePort: remotePort, destinationPort: localPort,
            segment: segment)
        try send(packet.bytes)
    }

    package func take(_ notice: DrillNotice) throws(DrillFailure) {
        let (number, code, mtu): (UInt32, UInt8, UInt16) =
            switch notice {
            case .tooBig(let mtu, let number): (number, 4, UInt16(clamping: mtu))
            case .unreachable(let isNetwork, let number): (number, isNetwork ? 0 : 1, 0)
            }
        let packet = Packet(
            source: Self.local, destination: Self.remote, sourcePort: localPort, destinationPort: remotePort,
            segment: TCPSegment(flags: .ack, window: 0, sequence: number, acknowledgement: 0))
        try send(packet.notice(code: code, mtu: mtu, from: Self.remote))
    }

    /// It has come to the kernel afterwards, or the wire is late.
    private func send(_ bytes: [UInt8]) throws(DrillFailure) {
        let (start, before) = (Self.clock, received)
        guard bytes.withUnsafeBytes({ device.take($0) }) else {
            throw .machine("the device takes no packet (\(Self.text(of: errno)))")
        }
        guard before != nil else { return }
        while received == before, Self.clock - start < Self.longestHandOver { sched_yield() }
        lateness = max(lateness, Self.clock - start)
    }

    /// Packets that have come to the namespace.
    private var received: Int64? { counts?.value("Ip", "InReceives") }

    private static let longestHandOver: Int64 = 100_000_000

    // MARK: Calls

    /// Its thread has to be given time by the machine.
    package func letCallReturn() throws(DrillFailure) {
        let end = now + Self.settling
        while let waiting, waiting.result == nil, now < end { try wait(until: min(now + 100_000, end)) }
    }

    package func finished() -> (outcome: CallOutcome, at: Int64)? {
        guard let waiting, let (outcome, at) = waiting.result else { return nil }
        self.waiting = nil
        take(outcome, of: waiting.call)
        return (translated(outcome, of: waiting.call), at - begun)
    }

    package func call(_ call: ScriptCall) throws(DrillFailure) -> CallOutcome? {
        if call.name == "socket" { return try makeSocket() }
        if call.name == "poll" { return look(call) }
        let descriptor: Int64 = if case .number(let number)? = call.arguments.first { number } else { -1 }
        guard let socket = descriptors[descriptor] else { return CallOutcome(-1, "EBADF") }
        if let (isToOther, count) = call.transfer {
            let flags = isToOther ? Self.bits(of: try call.sendFlags()) : 0
            // That there is some room does not say that all of it fits.
            return begin(call, isReady: isToOther ? isNonBlocking(socket) : isReady(socket, POLLIN)) {
                Self.move(count, on: socket, call, isToOther ? flags : nil)
            }
        }
        switch call.name {
        case "bind": return Self.reach(socket, Self.local, isBind: true)
        case "connect":
            connection = socket
            return begin(call, isReady: isNonBlocking(socket)) { Self.reach(socket, Self.remote, isBind: false) }
        case "listen":
            let backlog = Int32(clamping: call.values(1).first ?? 1)
            return Self.outcome(Int64(listen(socket, backlog)))
        case "accept":
            return begin(call, isReady: isReady(socket, POLLIN)) { Self.outcome(Int64(accept(socket, nil, nil))) }
        case "shutdown":
            let how: [String: Int] = ["SHUT_RD": 0, "SHUT_WR": 1, "SHUT_RDWR": 2]
            return Self.outcome(Int64(Glibc.shutdown(socket, Int32(how[call.argument(1)] ?? 1))))
        case "close":
            descriptors[descriptor] = nil
            return Self.outcome(Int64(Glibc.close(socket)))
        case "fcntl": return changeFlags(of: socket, call)
        case "setsockopt": return try set(on: socket, call)
        case "getsockopt": return try get(of: socket, call)
        case "ioctl": return try ask(socket, call)
        default: throw .unsupported("the call '\(call.name)'")
        }
    }

    private static func bits(of flags: SendFlags) -> Int32 {
        var bits = Int32(MSG_NOSIGNAL)
        if flags.contains(.more) { bits |= Int32(MSG_MORE) }
        if flags.contains(.endOfRecord) { bits |= Int32(MSG_EOR) }
        if flags.contains(.withoutCopy) { bits |= Int32(MSG_ZEROCOPY) }
        if flags.contains(.withoutWaiting) { bits |= Int32(MSG_DONTWAIT) }
        return bits
    }

    /// Sends zeros with flags, or reads and throws away what came.
    private static func move(_ count: Int, on socket: Int32, _ call: ScriptCall, _ flags: Int32?) -> CallOutcome {
        var bytes = [UInt8](repeating: 0, count: max(count, 1))
        return bytes.withUnsafeMutableBytes { buffer in
            let place = call.hasNoBuffer ? nil : buffer.baseAddress
            if let flags { return Self.outcome(Int64(Glibc.send(socket, place, count, flags))) }
            guard call.bytesWaiting != nil else { return Self.outcome(Int64(read(socket, place, count))) }
            var waiting: Int32 = 0
            let result = peerlab_receive_telling(socket, place, UInt(count), &waiting)
            return result < 0 ? Self.outcome(-1) : call.outcome(ofReading: Int64(result), waiting: Int64(waiting))
        }
    }

    private func look(_ call: ScriptCall) -> CallOutcome? {
        let entries = call.polled.map {
            pollfd(fd: descriptors[$0.descriptor] ?? -1, events: $0.asked.rawValue, revents: 0)
        }
        let timeout = call.pollTimeout.map { Int32(clamping: $0 / 1_000_000) } ?? -1
        let seen = { @Sendable (timeout: Int32) -> CallOutcome in
            var entries = entries
            guard poll(&entries, nfds_t(entries.count), timeout) >= 0 else { return Self.outcome(-1) }
            return call.outcome(ofPoll: entries.map { PollEvents(rawValue: $0.revents) })
        }
        var now = entries
        return begin(call, isReady: timeout == 0 || poll(&now, nfds_t(now.count), 0) > 0) { seen(timeout) }
    }

    private func isNonBlocking(_ socket: Int32) -> Bool { fcntl(socket, F_GETFL) & O_NONBLOCK != 0 }

    /// Whether a call would be back at once.
    private func isReady(_ socket: Int32, _ what: Int32) -> Bool {
        if isNonBlocking(socket) { return true }
        var entry = pollfd(fd: socket, events: Int16(what), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Does what may wait on a thread of its own, until that is back or waits. That the thread got no time is lateness.
    private func begin(
        _ call: ScriptCall, isReady: Bool, _ body: @escaping @Sendable () -> CallOutcome
    ) -> CallOutcome? {
        if isReady {
            let outcome = body()
            receive()
            take(outcome, of: call)
            return translated(outcome, of: call)
        }
        let blocked = BlockedCall(call, { Self.clock }, body)
        let start = Self.clock
        blocked.settle()
        lateness = max(lateness, Self.clock - start - Self.settling)
        guard let (outcome, _) = blocked.result else {
            waiting = blocked
            return nil
        }
        receive()
        take(outcome, of: call)
        return translated(outcome, of: call)
    }

    /// How long a call on a thread of its own may take until it is back or waits.
    private static let settling: Int64 = 2_000_000

    /// What a call has opened.
    private func take(_ outcome: CallOutcome, of call: ScriptCall) {
        guard call.name == "accept", outcome.result >= 0 else { return }
        let socket = Int32(truncatingIfNeeded: outcome.result)
        descriptors[nextDescriptor] = socket
        connection = socket
        nextDescriptor += 1
    }

    private func translated(_ outcome: CallOutcome, of call: ScriptCall) -> CallOutcome {
        call.name == "accept" && outcome.result >= 0 ? CallOutcome(nextDescriptor - 1) : outcome
    }

    private func makeSocket() throws(DrillFailure) -> CallOutcome {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return Self.outcome(-1) }
        let isSet = congestion.withCString {
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_CONGESTION, $0, socklen_t(strlen($0))) == 0
        }
        guard isSet else {
            Glibc.close(socket)
            throw .machine("this kernel does not let '\(congestion)' be used (\(Self.text(of: errno)))")
        }
        descriptors[nextDescriptor] = socket
        nextDescriptor += 1
        return CallOutcome(nextDescriptor - 1)
    }

    private static func reach(_ socket: Int32, _ address: UInt32, isBind: Bool) -> CallOutcome {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = address.bigEndian
        let result = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                isBind
                    ? bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    : connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return outcome(Int64(result))
    }

    static func outcome(_ result: Int64) -> CallOutcome {
        guard result < 0 else { return CallOutcome(result) }
        let number = errno
        return CallOutcome(-1, ErrorNumber.name(of: number))
    }

    private func changeFlags(of socket: Int32, _ call: ScriptCall) -> CallOutcome {
        if call.argument(1) == "F_GETFL" { return CallOutcome(Int64(fcntl(socket, F_GETFL))) }
        let isNonBlocking = call.argument(2).contains("O_NONBLOCK")
        return Self.outcome(Int64(fcntl(socket, F_SETFL, isNonBlocking ? O_NONBLOCK : 0)))
    }

    package func information() throws(DrillFailure) -> [String: Int64] {
        guard let connection else { return [:] }
        // What was sent at this moment is to be seen first.
        receive()
        var values = [Int64](repeating: 0, count: 64)
        let count = peerlab_tcp_info(connection, &values, 64)
        guard count >= 0 else { throw .machine("TCP_INFO cannot be read (\(Self.text(of: -count)))") }
        var information: [String: Int64] = [:]
        for index in 0..<Int(count) {
            guard let name = peerlab_tcp_info_name(Int32(index)) else { break }
            information[String(cString: name)] = values[index]
        }
        return information
    }

    package func close() {
        for socket in descriptors.values {
            _ = Glibc.shutdown(socket, 2)
            Glibc.close(socket)
        }
        descriptors = [:]
        waiting = nil
        dropped = device.drops
        device.close()
        counts?.close()
    }
}
