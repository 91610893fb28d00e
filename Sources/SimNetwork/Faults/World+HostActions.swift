import PeerNetworking

// Faults of processes, hosts, and of those who want to connect to them.
extension World {
    func applyToProcesses(_ action: Action) throws(ActionError) {
        switch action {
        case .powerLoss(let id):
            let host = try host(id)
            guard host.isOn else { throw ActionError("\(host.name) has no power already") }
            count(action)
            losePower(host)
        case .powerOn(let id):
            let host = try host(id)
            guard !host.isOn else { throw ActionError("\(host.name) has power already") }
            count(action)
            getPower(host)
        case .kill(let id), .exit(let id):
            let process = try process(id)
            guard let life = process.life else { throw ActionError("\(process.name) is not running") }
            count(action)
            process.wasEndedByFault = true
            end(life, as: action.family == .processExit ? .exited : .killed)
        case .restart(let id):
            let process = try process(id)
            guard process.host.isOn else { throw ActionError("\(process.host.name) has no power") }
            count(action)
            if let life = process.life {
                end(life, as: .killed)
                drain()
            }
            start(process)
        case .pause(let id):
            let process = try process(id)
            guard let life = process.life, process.state == .running else {
                throw ActionError("\(process.name) is not running")
            }
            count(action)
            life.jobs.pause()
            setState(.paused, of: process)
        case .resume(let id):
            let process = try process(id)
            guard let life = process.life, process.state == .paused else {
                throw ActionError("\(process.name) is not paused")
            }
            count(action)
            setState(.running, of: process)
            life.jobs.resume()
        default:
            preconditionFailure("\(action.family) is not of processes")
        }
    }

    func applyToHosts(_ action: Action) throws(ActionError) {
        switch action {
        case .clockSkew(let id, let offset, let drift):
            let host = try host(id)
            guard abs(drift) <= 500_000_000 else {
                throw ActionError("a clock gains or loses at most half a second a second")
            }
            count(action)
            set(HostClock(offset: offset, drift: drift, since: now), of: host)
        case .slowTimers(let id, let probability, let most):
            let host = try host(id)
            guard most >= 0 else { throw ActionError("a timer goes off late by 0 or more") }
            count(action)
            host.slowTimers = probability == .never ? nil : SlowTimers(probability: probability, most: most)
        case .exhaust(let id, let resource, let limit):
            let host = try host(id)
            if let limit, limit < 0 { throw ActionError("a limit is 0 or more") }
            count(action)
            set(resource, to: limit, on: host)
        default:
            preconditionFailure("\(action.family) is not of hosts")
        }
        stand(action)
    }

    private func set(_ resource: HostLimits.Resource, to limit: Int64?, on host: Host) {
        let usual = topology.hosts[Int(host.id.index)].limits
        switch resource {
        case .sockets: host.limits.sockets = limit.map { Int32(clamping: $0) } ?? usual.sockets
        case .memory: host.limits.memory = limit ?? usual.memory
        case .ports: host.limits.ports = limit.map { Int32(clamping: min($0, Int64(usual.ports))) } ?? usual.ports
        }
        // Those who wait for room look again.
        for life in host.processes.compactMap(\.life) { for listener in life.listeners { listener.accepting.wake() } }
    }

    // MARK: Services and names

    func applyToServices(_ action: Action) throws(ActionError) {
        switch action {
        case .refuse(let scope, let probability):
            try change(scope) { $0.refuse = probability }
        case .connectHang(let scope, let probability):
            try change(scope) { $0.hang = probability }
        case .backlogFull(let scope, let isFull):
            try change(scope) { $0.isFull = isFull }
        case .nameError(let id, let failure, let probability):
            let host = try host(id)
            host.nameFault = failure.map { NameFault(failure: $0, probability: probability) }
        default:
            preconditionFailure("\(action.family) is not of services")
        }
        count(action)
        stand(action)
    }

    private func change(_ scope: ServiceScope, _ change: (inout ServiceFault) -> Void) throws(ActionError) {
        let host = try host(scope.host)
        var fault = host.services.first { $0.port == scope.port } ?? ServiceFault(port: scope.port)
        change(&fault)
        host.services.removeAll { $0.port == scope.port }
        if !fault.isNeutral { host.services.append(fault) }
    }

    private func decideFate(of connection: Connection, refuse: Probability, hang: Probability) {
        guard connection.fate == nil else { return }
        if strikes(.connectRefuse, refuse, for: .connection(connection.id), key: connection.key) {
            connection.fate = .refused
        } else if strikes(.connectHang, hang, for: .connection(connection.id), key: connection.key) {
            connection.fate = .ignored
        }
    }

    /// What a listener's faults do to a SYN.
    ///
    /// - Returns: whether the SYN goes no further.
    func refusesConnection(_ packet: InFlight, at host: Host, on connection: Connection) -> Bool {
        // A connection is decided for once, and its repeated SYNs fare as the first did.
        let faults = host.services.filter { $0.port == nil || $0.port == connection.serverPort }
        if faults.isEmpty { decideFate(of: connection, refuse: .never, hang: .never) }
        for fault in faults { decideFate(of: connection, refuse: fault.refuse, hang: fault.hang) }
        if connection.fate == nil, faults.contains(where: { $0.refuse != .never || $0.hang != .never }) {
            connection.fate = .spared
        }
        if connection.server == nil, faults.contains(where: \.isFull) {
            lose(packet, .backlogFull, on: connection)
            return true
        }
        switch connection.fate {
        case .refused:
            emit(.arrived(packet.number))
            emit(.struck(.refuse, host.id))
            transmitReset(on: connection, from: .server, life: 0, sequence: 0, acknowledgement: 1)
            return true
        case .ignored:
            lose(packet, .ignored, on: connection)
            return true
        case .spared, nil:
            return false
        }
    }
}
