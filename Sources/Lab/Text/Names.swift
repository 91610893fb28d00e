package import PeerNetworking
package import SimNetwork

/// What things are called: the lab's names, and a number where there is none.
public struct Names {
    let lab: LabDefinition
    private let peers: [String]
    private let subjects: [String]
    private let tasks: [String]

    /// The names that a run's lab and peers gave.
    package init(_ snapshot: Snapshot) { self.init(snapshot.lab, snapshot.world.names) }

    /// The names of a lab, and those that its peers have given by now.
    init(_ lab: LabDefinition, _ names: RecordNames) {
        self.lab = lab
        (peers, subjects, tasks) = (names.peers, names.subjects, names.tasks)
    }

    /// A host's name.
    package func name(_ host: HostID) -> String {
        let hosts = lab.topology.hosts
        return hosts.indices.contains(Int(host.index)) ? hosts[Int(host.index)].name : "host \(host.index)"
    }

    /// A process's name: that of its peer in the lab.
    package func name(_ process: ProcessID) -> String {
        lab.peers.indices.contains(Int(process.index)) ? lab.peers[Int(process.index)].name : "process \(process.index)"
    }

    /// A peer's name.
    package func name(_ peer: PeerNumber) -> String {
        peers.indices.contains(Int(peer.index)) ? peers[Int(peer.index)] : "peer \(peer.index)"
    }

    /// What a task waits for.
    package func task(_ number: Int32) -> String {
        tasks.indices.contains(Int(number)) ? tasks[Int(number)] : "task \(number)"
    }

    /// A link's name.
    package func name(_ link: LinkID) -> String {
        lab.topology.links.indices.contains(Int(link.index)) ? lab.topology.name(of: link) : "link \(link.index)"
    }

    /// `from→to`.
    package func name(_ link: LinkID, _ direction: LinkDirection) -> String {
        lab.topology.links.indices.contains(Int(link.index))
            ? lab.topology.name(of: link, direction) : "link \(link.index)"
    }

    /// What a draw was made for, as a force or veto of it names it.
    package func name(_ subject: DrawSubject) -> String {
        switch subject {
        case .lane(let link, let direction): name(link, direction)
        case .segment(let segment):
            "\(name(segment.link, segment.direction)),\(segment.connection),\(segment)"
        case .network: "network"
        case .connection(let connection): connection.description
        case .end(let connection, let side): "\(connection)/\(side)"
        case .lookup(let asking, let host): "\(name(asking))?\(name(host))"
        case .process(let process): (host(of: process).map { "\(name($0))/" } ?? "") + name(process)
        case .named(let index): subjects.indices.contains(Int(index)) ? subjects[Int(index)] : "\(index)"
        }
    }

    /// The host that a process runs on.
    package func host(of process: ProcessID) -> HostID? {
        lab.peers.indices.contains(Int(process.index)) ? lab.peers[Int(process.index)].host : nil
    }

    /// The processes of a host, in order.
    package func processes(on host: HostID) -> [ProcessID] {
        lab.peers.indices.filter { lab.peers[$0].host == host }.map { ProcessID($0) }
    }

    /// The link that joins two hosts, and the direction from the first to the second.
    package func link(from: HostID, to: HostID) -> (LinkID, LinkDirection)? {
        for (index, link) in lab.topology.links.enumerated() {
            if link.first == from, link.second == to { return (LinkID(index), .forward) }
            if link.first == to, link.second == from { return (LinkID(index), .backward) }
        }
        return nil
    }

    /// An action as a command line with the lab's names: `drop c1>3`.
    package func text(_ action: Action) -> String { ThingNames.shortened(ActionSyntax(lab: lab).text(of: action)) }
}
