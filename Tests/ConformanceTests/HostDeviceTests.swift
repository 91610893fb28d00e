import Glibc
import LinuxNetwork
import NIOCore
import PeerNetworking
import TCP
import Testing

@testable import Lab

/// Hosts whose devices are pairs of Ethernet devices, as they are where no TUN device can be opened: what runs there sees the
/// same.
@Suite(
    "Hosts without a TUN device", .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"))
struct HostDeviceTests {
    private static let groups: Set<Scenario.Group> = [.halfClose, .reset, .connecting]

    @Test(
        "A program is told what it is told on loopback",
        arguments: Scenario.all.filter { HostDeviceTests.groups.contains($0.group) })
    func scenarios(_ scenario: Scenario) async throws {
        let kernel = try await KernelDriver().transcript(of: scenario)
        #expect(try await WiredKernelDriver(device: .veth).transcript(of: scenario) == kernel)
    }

    @Test("Many bytes cross it as they are, in packets no larger than the MTU", arguments: HostDevice.Kind.allCases)
    func manyBytes(_ kind: HostDevice.Kind) async throws {
        let count = 300_000
        let transcript = try await run(
            on: .linux, device: kind,
            server: accepting { stream, _, transcript in
                var (got, isRight) = (0, true)
                while let chunk = try await stream.read(upTo: 65_536) {
                    for byte in chunk.readableBytesView {
                        isRight = isRight && byte == UInt8(got % 251)
                        got += 1
                    }
                }
                transcript.say("\(got) bytes, \(isRight ? "right" : "wrong")")
            },
            client: connecting { stream, _, _ in
                let bytes = ByteBuffer(bytes: (0..<count).map { UInt8($0 % 251) })
                try await stream.write(bytes)
                try await stream.shutdownWrite()
                _ = try await stream.read(upTo: 1)
            })
        #expect(transcript == ["server: \(count) bytes, right"])
    }

    /// What a host sends is seen as it leaves.
    private func packets(from sender: HostNamespace, _ body: () throws -> Void) rethrows -> [Packet] {
        try body()
        var packets: [Packet] = []
        var bytes = [UInt8](repeating: 0, count: 70_000)
        while sender.hasSent {
            let count = read(sender.device, &bytes, bytes.count)
            guard count > 0 else { break }
            // Its IPv6 looks for routers.
            if let packet = Packet(Array(bytes[..<count])) { packets.append(packet) }
        }
        return packets
    }

    @Test(
        "What a host sends is a whole packet, and what arrives is not seen again", arguments: HostDevice.Kind.allCases)
    func packets(_ kind: HostDevice.Kind) throws {
        let (own, other): (UInt32, UInt32) = (0xC612_0001, 0xC612_0002)
        let host = try HostNamespace(address: own, netmask: 0xFFFE_0000, mtu: 1_500, device: kind)
        defer { host.close() }
        #expect(host.deviceKind == kind)
        let socket = try host.within { try KernelSocket.make() }
        defer { _ = KernelSocket.close(socket) }
        let sent = packets(from: host) {
            _ = KernelSocket.connect(socket, KernelAddress(address: other, port: 80))
        }
        let syn = try #require(sent.first)
        #expect(sent.count == 1 && syn.source == own && syn.destination == other && syn.segment.flags.contains(.syn))
        // Nobody listens there, is what comes back; it is for the socket, and no packet of the host's.
        let refusal = Packet(
            source: other, destination: own, sourcePort: 80, destinationPort: syn.sourcePort,
            segment: TCPSegment(
                flags: [.rst, .ack], window: 0, sequence: 0, acknowledgement: syn.segment.sequence &+ 1))
        let after = packets(from: host) { #expect(refusal.bytes.withUnsafeBytes { host.take($0) }) }
        #expect(after.isEmpty)
        // A pair hands it on a moment later.
        var answered = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&answered, 1, 10_000) == 1)
        guard case .failed(.connectionRefused) = KernelSocket.connected(socket) else {
            Issue.record("the refusal has not arrived")
            return
        }
        #expect(host.drops == 0)
    }
}
