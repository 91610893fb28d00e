import CLinux
import Foundation
import Glibc

/// A host of a lab as this machine has it: a network namespace of its own with one device, whose other side is the wire.
package final class HostNamespace: Sendable {
    private let own: HostDevice
    /// The wire's side of the device: what the host sends is read from it, packet by packet.
    package var device: Int32 { own.descriptor }
    /// How the device was made.
    package var deviceKind: HostDevice.Kind { own.kind }
    /// The host's address.
    package let address: UInt32
    private let namespace: Int32
    /// Where its kernel tells of its sockets.
    private let sockets: Int32
    private let sixSockets: Int32
    private let counts: KernelCounts

    /// What the device is called in every namespace.
    package static let deviceName = "lab0"

    /// Makes a host.
    ///
    /// - Parameters:
    ///   - address: its address, in the host's order of bytes.
    ///   - netmask: which addresses it reaches over its device; no other is reached at all.
    ///   - mtu: bytes of the largest packet that it sends.
    ///   - congestion: the congestion control of sockets that do not choose one, where the machine lets it be chosen.
    ///   - settings: what differs from a new namespace's settings, by name (`net.ipv4.tcp_sack`).
    ///   - device: how its device is made; nil for as it can be.
    /// - Throws: ``MachineFailure`` where this machine makes no namespace or device, or knows a setting not.
    package init(
        address: UInt32, netmask: UInt32, mtu: Int32, settings: [(name: String, value: String)] = [],
        congestion: String? = nil, device: HostDevice.Kind? = nil
    ) throws(MachineFailure) {
        self.address = address
        let home = try Self.home()
        _ = peerlab_enter_network(Self.nursery)
        let unshared = peerlab_unshare_network()
        guard unshared == 0 else {
            _ = peerlab_enter_network(home)
            throw MachineFailure("no network namespace may be made", error: -unshared, help: Self.help)
        }
        // Whatever comes of it, the thread goes back.
        defer { _ = peerlab_enter_network(home) }
        let namespace = peerlab_current_network()
        guard namespace >= 0 else { throw MachineFailure("no namespace can be kept", error: -namespace) }
        self.namespace = namespace
        do throws(MachineFailure) {
            own = try HostDevice(device, Self.deviceName, address: address, netmask: netmask, mtu: mtu)
        } catch {
            Glibc.close(namespace)
            throw error
        }
        sockets = open("/proc/thread-self/net/tcp", O_RDONLY | O_CLOEXEC)
        sixSockets = open("/proc/thread-self/net/tcp6", O_RDONLY | O_CLOEXEC)
        counts = KernelCounts(.netstat)
        do throws(MachineFailure) {
            try KernelSettings.write(settings)
            // What programs run that do not choose: not every machine lets a new namespace choose it.
            if let congestion { try? KernelSettings.write([("net.ipv4.tcp_congestion_control", congestion)]) }
        } catch {
            close()
            throw error
        }
    }

    /// Whether this machine makes hosts, and how their devices are made there.
    package static let probe: Result<HostDevice.Kind, MachineFailure> = {
        do throws(MachineFailure) {
            let host = try HostNamespace(address: 0xC612_0001, netmask: 0xFFFE_0000, mtu: 1_500)
            defer { host.close() }
            return .success(host.deviceKind)
        } catch {
            return .failure(error)
        }
    }()

    private static let help =
        "as root it may, or with user namespaces allowed (kernel.unprivileged_userns_clone, user.max_net_namespaces, "
        + "kernel.apparmor_restrict_unprivileged_userns)"

    /// Ends it: its sockets live until they are closed, and reach nothing any more.
    package func close() {
        own.close()
        for descriptor in [namespace, sockets, sixSockets] where descriptor >= 0 { Glibc.close(descriptor) }
        counts.close()
    }

    /// The namespace that the process was started in.
    private static let start: Int32 = peerlab_current_network()

    /// Where hosts are made: what is made there has a table of sockets of its own. In the machine's, which is large, whoever asks
    /// for those of a host looks through all that there are, and keeps the wire waiting for milliseconds (ip-sysctl,
    /// `tcp_child_ehash_entries`, since Linux 6.1).
    private static let nursery: Int32 = {
        guard start >= 0, peerlab_unshare_network() == 0 else { return start }
        defer { _ = peerlab_enter_network(start) }
        let made = peerlab_current_network()
        guard made >= 0 else { return start }
        try? KernelSettings.write("net.ipv4.tcp_child_ehash_entries", "4096")
        return made
    }()

    private static func home() throws(MachineFailure) -> Int32 {
        guard start >= 0 else {
            throw MachineFailure("the network namespace of this process is not told", error: -start)
        }
        return start
    }

    /// Does something in the namespace: a socket belongs to that in which it is made, whoever uses it afterwards, and so does
    /// a program that is started. `body` does not wait.
    ///
    /// - Throws: ``MachineFailure`` where it cannot be entered any more; what `body` throws.
    package func within<Result>(_ body: () throws -> Result) throws -> Result {
        let entered = peerlab_enter_network(namespace)
        guard entered == 0 else { throw MachineFailure("a host's namespace cannot be entered", error: -entered) }
        defer { _ = peerlab_enter_network(Self.start) }
        return try body()
    }

    /// Lets a packet arrive.
    ///
    /// - Returns: whether the device took it.
    @discardableResult
    package func take(_ packet: UnsafeRawBufferPointer) -> Bool {
        own.take(packet)
    }

    /// Whether it has sent something that nobody has read yet.
    package var hasSent: Bool {
        var entry = pollfd(fd: device, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    /// The TCP sockets that its kernel knows, but for those that listen.
    package var openSockets: [KernelSocket] {
        KernelSocket.read(read(sockets)) + KernelSocket.read(read(sixSockets))
    }

    /// Whether somebody listens on a port of it, by IPv4 or by both.
    package func listens(on port: UInt16) -> Bool {
        KernelSocket.listens(on: port, in: read(sockets)) || KernelSocket.listens(on: port, in: read(sixSockets))
    }

    private func read(_ descriptor: Int32) -> Substring {
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        guard descriptor >= 0, (try? file.seek(toOffset: 0)) != nil, let bytes = try? file.readToEnd() else {
            return ""
        }
        return Substring(decoding: bytes, as: UTF8.self)
    }

    /// Probes of the tail that its kernel has sent (RFC 8985, 7); 0 where it does not tell.
    package var tailProbes: Int64 { counts.value("TcpExt", "TCPLossProbes") ?? 0 }

    /// Packets that the device has dropped for want of room: what they would have come to nobody knows.
    package var drops: Int64 { max(0, (try? within { own.drops }) ?? 0) }
}
