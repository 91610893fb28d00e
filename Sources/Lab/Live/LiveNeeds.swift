import SimNetwork

/// What a session on real sockets takes of a process.
enum LiveNeeds {
    /// Descriptors that the end of a run takes, for the queues of the system's library; without them it would trap.
    static let reserve = 10
    /// Those of the event loop, and of the files that the command writes.
    private static let loop = 6
    /// A listener's: its socket, and the one that holds its port.
    private static let listener = 2
    /// Those of a peer that connects: both ends, and as many for the next connection while the first one goes.
    private static let connection = 4
    /// Memory for its threads, in bytes.
    private static let memory = 96 << 20

    /// Descriptors of a host that is a namespace: its device twice, the namespace, the lists of its sockets, its counts.
    private static let host = 6

    /// Why this machine cannot have a lab's hosts as networks of their own; nil where it can.
    static func obstacle(toHostsOf lab: LabDefinition) -> String? {
        let count = lab.topology.hosts.count
        if count > LinuxHosts.mostHosts {
            return "the lab has \(count) hosts, and on linux it may have \(LinuxHosts.mostHosts)"
        }
        ProcessRoom.raiseDescriptors()
        let needed = reserve + loop + count * host
        let free = ProcessRoom.descriptors(upTo: needed)
        if free < needed {
            return "\(count) hosts need \(needed) more open files, and this process may open \(free) (ulimit -n)"
        }
        return LinuxHosts.obstacle.map { "\($0); --on loopback needs nothing of the kind" }
    }

    /// Why this process cannot run a lab on real sockets; nil where it can.
    static func obstacle(to lab: LabDefinition) -> String? {
        ProcessRoom.raiseDescriptors()
        let needed =
            reserve + loop + lab.peers.count { $0.listen != nil } * listener
            + lab.peers.count { $0.connect != nil } * connection
        let free = ProcessRoom.descriptors(upTo: needed)
        if free < needed {
            return
                "real sockets need \(needed) more open files for this lab, and this process may open \(free) (ulimit -n)"
        }
        let room = ProcessRoom.limitedMemory
        if room < memory {
            return
                "real sockets need \(memory >> 20) MiB of memory, and this process may take \(room >> 20) MiB (ulimit -v)"
        }
        return nil
    }
}
