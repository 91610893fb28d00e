import LinuxNetwork
import NIOConcurrencyHelpers
import SimNetwork
import SocketNetwork
import TCP

/// The hosts of a lab as network namespaces of this machine.
final class LinuxHosts: HostPlaces {
    let lab: LabDefinition
    /// How their devices are made; nil for as they can be.
    private let device: HostDevice.Kind?
    private let namespaces: NIOLockedValueBox<[HostNamespace]>
    /// The TCP options of each, as they are now.
    private let options: NIOLockedValueBox<[TCPOptions]>
    /// What hosts without power will have; looked up, never iterated over but to be closed.
    private let spares = NIOLockedValueBox<[HostID: SpareNetwork]>([:])
    /// What the devices of namespaces that are gone have dropped, and the probes of the tail that those have sent.
    private let past = NIOLockedValueBox((dropped: Int64(0), tailProbes: Int64(0)))

    /// So many namespaces are made in a second or two.
    static let mostHosts = 512

    /// Makes all of them.
    ///
    /// - Parameter device: how their devices are made; nil for as they can be.
    /// - Throws: ``MachineFailure`` where this machine does not make them; then none is left.
    init(_ lab: LabDefinition, device: HostDevice.Kind? = nil) throws(MachineFailure) {
        (self.lab, self.device) = (lab, device)
        options = NIOLockedValueBox(lab.topology.hosts.map(\.tcp))
        var made: [HostNamespace] = []
        do throws(MachineFailure) {
            for host in lab.topology.hosts.indices {
                made.append(try Self.make(host, of: lab, lab.topology.hosts[host].tcp, device))
            }
        } catch {
            for host in made { host.close() }
            throw error
        }
        namespaces = NIOLockedValueBox(made)
    }

    private static func make(
        _ host: Int, of lab: LabDefinition, _ options: TCPOptions, _ device: HostDevice.Kind?
    ) throws(MachineFailure) -> HostNamespace {
        try HostNamespace(
            address: HostAddresses.benchmark.number(host), netmask: HostAddresses.benchmarkMask,
            mtu: mtu(of: HostID(host), in: lab.topology),
            settings: KernelSettings.settings(of: options),
            congestion: name(of: options.congestionControl), device: device)
    }

    /// What a host's kernel knows of its links: of several the largest, for it has one device.
    private static func mtu(of host: HostID, in topology: Topology) -> Int32 {
        let known = topology.links.compactMap { link -> Int32? in
            if link.first == host { return link.forward.knownMTU }
            return link.second == host ? link.backward.knownMTU : nil
        }
        // IPv4 wants 68 (RFC 791); a device has no more than 65,535.
        return min(max(known.max() ?? LinkProperties().knownMTU, 68), 65_535)
    }

    subscript(_ host: HostID) -> HostNamespace { namespaces.withLockedValue { $0[Int(host.index)] } }

    func within<Result>(_ host: Int, _ body: () throws -> Result) throws -> Result {
        try self[HostID(host)].within(body)
    }

    /// The TCP options of a host, as they are now.
    func options(of host: HostID) -> TCPOptions { options.withLockedValue { $0[Int(host.index)] } }

    /// Sets the TCP options of a host, for the sockets that are made from then on.
    ///
    /// - Throws: ``MachineFailure`` where its kernel does not let one be so.
    func set(_ options: TCPOptions, of host: HostID) throws(MachineFailure) {
        self.options.withLockedValue { $0[Int(host.index)] = options }
        do {
            try self[host].within { try KernelSettings.write(KernelSettings.settings(of: options)) }
        } catch let error as MachineFailure {
            throw error
        } catch {
            throw MachineFailure("\(error)")
        }
    }

    /// A host has lost its power: what it begins anew with is made meanwhile. That takes a while on a machine that makes and ends
    /// other networks, and nobody on the wire is to wait for it.
    func prepare(_ host: HostID) {
        spares.withLockedValue { spares in
            guard spares[host] == nil else { return }
            spares[host] = SpareNetwork { [lab, device, options = options(of: host)] () throws(MachineFailure) in
                try Self.make(Int(host.index), of: lab, options, device)
            }
        }
    }

    /// A host begins anew, as after a loss of power: what was there before knows nobody any more.
    ///
    /// - Throws: ``MachineFailure`` where this machine does not make it; then it stays as it was.
    func renew(_ host: HostID) throws(MachineFailure) {
        prepare(host)
        guard let new = try spares.withLockedValue({ $0.removeValue(forKey: host) })?.taken() else { return }
        // They may have been changed while it had no power.
        do {
            try new.within { try KernelSettings.write(KernelSettings.settings(of: options(of: host))) }
        } catch {
            new.close()
            throw error as? MachineFailure ?? MachineFailure("\(error)")
        }
        let old = namespaces.withLockedValue { all in
            let old = all[Int(host.index)]
            all[Int(host.index)] = new
            return old
        }
        let (drops, probes) = (old.drops, old.tailProbes)
        past.withLockedValue { $0 = ($0.dropped + drops, $0.tailProbes + probes) }
        old.close()
    }

    /// Whether one of them has sent something that nobody has read yet.
    var haveSent: Bool { namespaces.withLockedValue { $0 }.contains { $0.hasSent } }

    /// Packets that devices have dropped for want of room: what they would have come to nobody knows.
    var drops: Int64 {
        namespaces.withLockedValue { $0 }.reduce(past.withLockedValue { $0.dropped }) { $0 + $1.drops }
    }

    /// Probes of the tail that their kernels have sent: nothing in a segment's header tells it from one after a timeout.
    var tailProbes: Int64 {
        namespaces.withLockedValue { $0 }.reduce(past.withLockedValue { $0.tailProbes }) { $0 + $1.tailProbes }
    }

    /// Ends all of them.
    func close() {
        for spare in spares.withLockedValue({ Array($0.values) }) { try? spare.taken().close() }
        for namespace in namespaces.withLockedValue({ $0 }) { namespace.close() }
    }

    /// Why this machine cannot have the hosts of labs; nil where it can.
    static var obstacle: String? {
        if case .failure(let failure) = HostNamespace.probe { failure.description } else { nil }
    }
}
