import LinuxNetwork
import SimNetwork
import TCP

/// Which congestion control some of a run's real sockets have.
public struct CongestionUse: Codable, Hashable, Sendable {
    /// By the kernel's name: `cubic`.
    public var control: String
    /// Whose sockets: `peers`, or `programs`, which have what their host's network begins with.
    public var of: String
    /// On which hosts; none where all are of one network.
    public var hosts: [String]

    /// Hosts that are named in words, at most.
    private static let most = 6

    /// `cubic: peers on client, server`
    var words: String { "\(control): \(of)\(place.isEmpty ? "" : " on \(place)")" }

    /// The hosts in words.
    var place: String {
        hosts.count > Self.most ? NumberText.count(hosts.count, "host") : hosts.joined(separator: ", ")
    }

    /// What sockets of the machine have that choose none.
    static var ofMachine: [CongestionUse] {
        LinuxHosts.congestionControl(in: nil).map { [CongestionUse(control: $0, of: "peers", hosts: [])] } ?? []
    }
}

extension LinuxHosts {
    /// Which congestion control runs on each host at the beginning, with the hosts that have the same together.
    var congestion: [CongestionUse] {
        var uses: [CongestionUse] = []
        func add(_ control: String, _ of: String, _ host: HostID) {
            let name = lab.topology.hosts[Int(host.index)].name
            if let known = uses.firstIndex(where: { $0.control == control && $0.of == of }) {
                if uses[known].hosts.last != name { uses[known].hosts.append(name) }
            } else {
                uses.append(CongestionUse(control: control, of: of, hosts: [name]))
            }
        }
        for peer in lab.peers.sorted(by: { $0.host.index < $1.host.index }) {
            if peer.program == nil {
                add(Self.name(of: options(of: peer.host).congestionControl), "peers", peer.host)
            } else if let control = Self.congestionControl(in: self[peer.host]) {
                add(control, "programs", peer.host)
            }
        }
        return uses
    }

    /// What sockets have that choose none: in a host, or on the machine; nil where it does not tell.
    static func congestionControl(in host: HostNamespace?) -> String? {
        let name = "net.ipv4.tcp_congestion_control"
        guard let host else { return KernelSettings.read(name) }
        return (try? host.within { KernelSettings.read(name) }) ?? nil
    }

    /// What the kernel calls a congestion control. Without any there is none on Linux: Reno's is the least.
    static func name(of control: CongestionAlgorithm) -> String {
        switch control {
        case .cubic: "cubic"
        case .reno, .none: "reno"
        }
    }
}
