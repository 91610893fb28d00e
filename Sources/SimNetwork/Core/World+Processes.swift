import Bug
import PeerNetworking
import TCP

extension World {
    func define(_ name: String, on host: Host, program: @escaping Program) -> Process {
        let process = Process(id: ProcessID(processes.count), host: host, name: name, program: program)
        processes.append(process)
        host.processes.append(process)
        return process
    }

    /// Starts a process: a new executor, new providers, and its program as its first task.
    func start(_ process: Process) {
        insist(process.life == nil, "process \(process.name) is running already")
        let life = ProcessLife(process: process, ready: ready) { self.end($0, as: .exited) }
        process.life = life
        process.wasEndedByFault = false
        setState(.running, of: process)
        let providers = supplies.providers(self, life)
        let program = process.program
        _ = startTask("main", in: life) { await program(providers) }
    }

    func startTask(
        _ name: String, in life: ProcessLife, _ operation: @escaping @Sendable () async -> Void
    ) -> TaskRecord {
        let record = TaskRecord(name: name, in: life, operation)
        guard !life.isDead else {
            life.countRefused()
            record.finish()
            return record
        }
        if life.tasks.count > 2 * life.liveTasks + 32 { life.tasks.removeAll { $0.isFinished } }
        life.tasks.append(record)
        life.liveTasks += 1
        let current = Confined(record)
        // Bound here and not in the task: it inherits the value, and has a frame less to keep while it waits.
        record.task = TaskRecord.$current.withValue(current) {
            Task(executorPreference: life.taskExecutor) {
                guard let work = current.value.work else { bug("a task that has ended begins") }
                await work.home.actor.run(work.operation)
                current.value.finish()
                work.home.taskEnded()
            }
        }
        return record
    }

    /// Ends a process as the kernel does: its handles are dead, its sockets closed, its tasks unwound in the order of
    /// their creation, all within this event.
    func end(_ life: ProcessLife, as state: ProcessState) {
        guard !life.isDead else { return }
        life.isDead = true
        life.process.life = nil
        for socket in life.process.host.sockets.ordered where socket.life === life {
            closeSocket(socket)
        }
        unwind(life, as: state)
    }

    /// Ends a process whose host has lost its power: nothing is sent.
    private func extinguish(_ life: ProcessLife) {
        guard !life.isDead else { return }
        life.isDead = true
        life.process.life = nil
        unwind(life, as: .off)
    }

    private func unwind(_ life: ProcessLife, as state: ProcessState) {
        life.closeDescriptors()
        for listener in life.listeners { closeListener(listener) }
        life.listeners = []
        setState(state, of: life.process)
        life.jobs.resume()
        for task in life.tasks where !task.isFinished { task.cancel() }
        if life.liveTasks > 0 { unwinding.append(life) }
    }

    func setState(_ state: ProcessState, of process: Process) {
        process.state = state
        emit(.process(process.id, state))
    }

    func losePower(_ host: Host) {
        host.isOn = false
        emit(.power(host.id, on: false))
        host.pathMTUs = PathMTUTable()
        host.middlebox?.forgetAll()
        for socket in host.sockets.ordered {
            socket.leaveListener()
            socket.isClosedHere = true
            socket.tcp.abort()
            wakeAll(of: socket)
            detach(socket)
        }
        losePowerOutside(host)
        for process in host.processes {
            if let life = process.life {
                for listener in life.listeners { listener.completed = [] }
                extinguish(life)
            } else {
                setState(.off, of: process)
            }
        }
    }

    func getPower(_ host: Host) {
        host.isOn = true
        emit(.power(host.id, on: true))
        for process in host.processes where process.life == nil { start(process) }
    }

    /// Ends everything without a trace in the records: the run is over.
    func shutDown() {
        for process in processes {
            guard let life = process.life else { continue }
            life.isDead = true
            process.life = nil
            life.jobs.resume()
            for task in life.tasks where !task.isFinished { task.cancel() }
            for listener in life.listeners {
                listener.completed = []
                listener.accepting.wake()
            }
            // A listener holds the life that listens.
            life.listeners = []
        }
        for host in hosts {
            for socket in host.sockets.ordered {
                socket.isClosedHere = true
                socket.tcp.abort()
                wakeAll(of: socket)
                socket.connection.client = nil
                socket.connection.server = nil
                host.sockets.remove(socket)
            }
        }
        drain()
        (dirty, detached) = ([], [])
        for host in hosts {
            host.processes = []
            host.listeners = [:]
            host.timeWaits = [:]
        }
        processes = []
        connections = [:]
        queue = EventQueue()
        timers = TimerTable()
        wire = Wire()
    }
}
