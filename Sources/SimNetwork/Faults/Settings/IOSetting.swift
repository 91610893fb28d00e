import PeerNetworking

/// Something that is done to the reads and writes of processes, or of a connection.
protocol IOSetting: Setting, OneForm, Acting where Target == IOTarget {
    var scope: IOScope { get }
    /// Changes what is done to them.
    func change(_ faults: IOFaults, at now: Int64)
    /// Tells what a process is held to from now on, where the network's state shows it.
    func tell(_ process: Process, in world: World)
}

/// Whose reads and writes are meant.
struct IOTarget {
    /// Where what is done to them is kept: with each process, or with the connection.
    var faults: [IOFaults]
    var processes: [Process]
    var sockets: [Socket]
}

extension IOSetting {
    /// Connections are there only later.
    var canStand: Bool { scope.isLasting }

    func tell(_ process: Process, in world: World) {}

    func target(in world: World) throws(ActionError) -> IOTarget {
        switch scope {
        case .process(let id): return IOTarget([try world.process(id)])
        case .host(let id): return IOTarget(try world.host(id).processes)
        case .connection(let id):
            let connection = try world.connection(id)
            let faults = connection.io ?? IOFaults()
            connection.io = faults
            return IOTarget(
                faults: [faults], processes: [], sockets: [connection.client, connection.server].compactMap { $0 })
        }
    }

    func act(on target: IOTarget, in world: World) {
        world.hasIOFaults = true
        for faults in target.faults { change(faults, at: world.now) }
        for process in target.processes { tell(process, in: world) }
        // Those that wait for an old rate's time look again.
        for socket in target.sockets {
            socket.wakeReaderNoMore(in: world)
            socket.wakeReader()
        }
    }
}

extension IOTarget {
    fileprivate init(_ processes: [Process]) {
        self.init(faults: processes.map(\.io), processes: processes, sockets: [])
        for process in processes {
            sockets += process.host.sockets.ordered.filter { $0.life != nil && $0.life === process.life }
        }
    }
}
