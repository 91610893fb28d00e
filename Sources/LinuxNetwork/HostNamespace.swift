import CLinux
import Foundation
import Glibc

/// A host of a lab as this machine has it: a network namespace of its own with one device, whose other side is the wire.
package final class HostNamespace: Sendable {
    /// The wire's side of the device: what the host sends is read from it, what is written there arrives.
    package let device: Int32
    /// The host's address.
    package let address: UInt32
    private let namespace: Int32
    /// Where its kernel tells of its sockets.
    private let sockets: Int32
    private let sixSockets: Int32

    /// What the device is called in every namespace.
    package static let deviceName = "lab0"
    /// Packets that a device keeps for the wire: the usual 500 overflow unseen.
    private static let queue: Int32 = 20_000

    /// Makes a host.
    ///
    /// - Parameters:
    ///   - address: its address, in the host's order of bytes.
    ///   - netmask: which addresses it reaches over its device; no other is reached at all.
    ///   - mtu: bytes of the largest packet that it sends.
    ///   - congestion: the congestion control of sockets that do not choose one, where the machine lets it be chosen.
    ///   - settings: what differs from a new namespace's settings, by name (`net.ipv4.tcp_sack`).
    /// - Throws: ``MachineFailure`` where this machine makes no namespace or device, or knows a setting not.
    package init(
        address: UInt32, netmask: UInt32, mtu: Int32, settings: [(name: String, value: String)] = [],
        congestion: String? = nil
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
        let device = peerlab_open_tun(
            Self.deviceName, address.bigEndian, netmask.bigEndian, mtu, Self.queue)
        guard device >= 0 else {
            Glibc.close(namespace)
            throw MachineFailure(
                "no TUN device can be opened", error: -device, help: "/dev/net/tun must be there, and open to this user"
            )
        }
        (self.namespace, self.device) = (namespace, device)
        sockets = open("/proc/thread-self/net/tcp", O_RDONLY | O_CLOEXEC)
        sixSockets = open("/proc/thread-self/net/tcp6", O_RDONLY | O_CLOEXEC)
        do throws(MachineFailure) {
            try KernelSettings.write(settings)
            // What programs run that do not choose: not every machine lets a new namespace choose it.
            if let congestion { try? KernelSettings.write([("net.ipv4.tcp_congestion_control", congestion)]) }
        } catch {
            close()
            throw error
        }
    }

    private static let help =
        "as root it may, or with user namespaces allowed (kernel.unprivileged_userns_clone, user.max_net_namespaces, "
        + "kernel.apparmor_restrict_unprivileged_userns)"

    /// Ends it: its sockets live until they are closed, and reach nothing any more.
    package func close() {
        for descriptor in [device, namespace, sockets, sixSockets] where descriptor >= 0 { Glibc.close(descriptor) }
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
        write(device, packet.baseAddress, packet.count) == packet.count
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

    /// Packets that the device has dropped for want of room: what they would have come to nobody knows.
    package var drops: Int64 { max(0, (try? within { peerlab_tun_drops(Self.deviceName) }) ?? 0) }
}
