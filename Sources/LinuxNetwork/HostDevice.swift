import CLinux
import Glibc
import Synchronization

/// The device of a host, whose other side is the wire: whole IP packets, with no other header.
package final class HostDevice: Sendable {
    /// How a device is made.
    package enum Kind: String, Sendable, CaseIterable {
        /// A TUN device (`/dev/net/tun`), which not every machine has, or lets everybody open.
        case tun
        /// One of a pair of Ethernet devices, with a packet socket on the other: a network namespace is enough for it.
        case veth
    }

    /// The wire's side: what the host sends is read from it, packet by packet.
    let descriptor: Int32
    let kind: Kind
    private let name: String
    /// The number of a pair's other end.
    private let index: Int32
    /// What the kernel has told of drops: of a pair it tells each once.
    private let dropped = Atomic<Int64>(0)

    /// Packets that a TUN device keeps for the wire: the usual 500 overflow unseen.
    private static let queue: Int32 = 20_000
    /// Bytes that a packet socket keeps for it, with the kernel's own beside them.
    private static let room: Int32 = 64 << 20

    /// Makes the device in the namespace of the calling thread, with the loopback up.
    ///
    /// - Parameters:
    ///   - kind: nil for a TUN device, and a pair where there can be none.
    ///   - address: in the order of the machine's bytes, as `netmask` is.
    /// - Throws: ``MachineFailure`` where this machine makes none.
    init(
        _ kind: Kind?, _ name: String, address: UInt32, netmask: UInt32, mtu: Int32
    ) throws(MachineFailure) {
        self.name = name
        var index: Int32 = 0
        var tun: Int32 = -ENOENT
        if kind != .veth {
            tun = peerlab_open_tun(name, address.bigEndian, netmask.bigEndian, mtu, Self.queue)
        }
        if tun >= 0 || kind == .tun {
            guard tun >= 0 else {
                throw MachineFailure("no TUN device can be opened", error: -tun, help: Self.help)
            }
            (self.kind, descriptor, self.index) = (.tun, tun, 0)
            return
        }
        let pair = peerlab_open_veth(name, address.bigEndian, netmask.bigEndian, mtu, Self.room, &index)
        guard pair >= 0 else {
            let reason = String(cString: strerror(-tun))
            throw MachineFailure(
                "no TUN device can be opened (\(reason)), and no pair of devices made instead", error: -pair,
                help: Self.help + ", or the kernel must know veth devices")
        }
        (self.kind, descriptor, self.index) = (.veth, pair, index)
    }

    private static let help = "/dev/net/tun must be there, and open to this user"

    /// Lets a packet arrive.
    ///
    /// - Returns: whether the device took it.
    func take(_ packet: UnsafeRawBufferPointer) -> Bool {
        switch kind {
        case .tun: write(descriptor, packet.baseAddress, packet.count) == packet.count
        case .veth:
            peerlab_send_veth(descriptor, index, packet.baseAddress, UInt(packet.count)) == packet.count
        }
    }

    /// Packets that it has dropped for want of room, by now. In its namespace.
    var drops: Int64 {
        switch kind {
        case .tun: max(0, peerlab_tun_drops(name))
        case .veth: dropped.add(max(0, peerlab_veth_drops(descriptor)), ordering: .relaxed).newValue
        }
    }

    func close() { Glibc.close(descriptor) }
}
