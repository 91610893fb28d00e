import PeerNetworking

extension World {
    /// Carries an action out, within the current event.
    ///
    /// - Returns: what undoes exactly this, where that is not the action's own inverse.
    /// - Throws: ``ActionError`` when there is nothing to act on; then nothing has changed.
    @discardableResult
    func apply(_ action: Action) throws(ActionError) -> Action? {
        let undo = try carryOut(action)
        layers.note(action)
        return undo
    }

    private func carryOut(_ action: Action) throws(ActionError) -> Action? {
        switch action {
        case .cut, .heal, .shape, .unshape, .clog, .unclog, .unreachable, .slowPair, .dropDuring:
            try applyToLinks(action)
        case .partition(let plan):
            return try part(plan)
        case .unpartition(let partition):
            try unpart(partition)
        case .swizzle(let hosts, let span):
            try swizzle(hosts, over: span)
        case .refuse, .connectHang, .backlogFull, .nameError:
            try applyToServices(action)
        case .close, .shortRead, .shortWrite, .slowReader:
            try applyToIO(action)
        case .reset, .halfClose, .halfOpen:
            try applyToConnections(action)
        case .exit, .kill, .restart, .pause, .resume, .powerLoss, .powerOn:
            try applyToProcesses(action)
        case .clockSkew, .slowTimers, .exhaust:
            try applyToHosts(action)
        case .drop(let id, let side, let ordinal):
            let segment = try takeSegment(id, side, ordinal)
            count(action)
            segment.connection.segmentsInFlight -= 1
            emit(.lost(segment.number, .dropped))
            forgetIfDone(segment.connection)
        case .delay(let id, let side, let ordinal, let extra):
            guard extra > 0 else { throw ActionError("a delay is longer than 0") }
            var segment = try takeSegment(id, side, ordinal)
            count(action)
            segment.arrives += extra
            if !segment.fate.contains(.held) {
                segment.place = queue.takePlace()
                emit(.delayed(segment.number, until: segment.arrives))
            }
            putOnWire(segment)
        case .override(let override):
            let override = try resolve(override)
            count(action)
            overrides.add(override)
            stand(.override(override))
            return .unoverride(override)
        case .unoverride(let override):
            let override = try resolve(override)
            guard standing.actions.contains(where: { $0.undoes(override) }) else {
                throw ActionError("no such override is in force")
            }
            count(action)
            overrides.remove(override)
            stand(.unoverride(override))
        case .healAll:
            healAll()
        }
        return nil
    }

    /// Counts that a fault was set, has struck or is healed.
    func count(_ action: Action) {
        emit(.fault(action.family, action.heals || isUncovering ? .healed : action.isDrawn ? .set : .struck))
    }

    /// Ends what an action has set: what it covered is in force again, the lab's own value where it covered nothing.
    /// Where it was covered itself, or lifted, nothing changes.
    func end(_ layer: Layers.Layer, by undo: Action) {
        switch layers.remove(layer) {
        case .lifted: return
        case .covered: emit(.fault(layer.action.family, .healed))
        case .uncovered(let action):
            isUncovering = true
            _ = try? carryOut(action ?? undo)
            isUncovering = false
        }
    }

    /// Notes what an action has set.
    func stand(_ action: Action) {
        standing.apply(action)
        emit(.standing(action))
    }

    func host(_ id: HostID) throws(ActionError) -> Host {
        guard hosts.indices.contains(Int(id.index)) else { throw ActionError("there is no such host") }
        return hosts[Int(id.index)]
    }

    func process(_ id: ProcessID) throws(ActionError) -> Process {
        guard processes.indices.contains(Int(id.index)) else { throw ActionError("there is no such process") }
        return processes[Int(id.index)]
    }

    func link(_ id: LinkID) throws(ActionError) -> Link {
        guard links.indices.contains(Int(id.index)) else { throw ActionError("there is no such link") }
        return links[Int(id.index)]
    }

    private func takeSegment(_ id: ConnectionID, _ side: Side, _ ordinal: Int64) throws(ActionError) -> InFlight {
        let isMeant = { (packet: InFlight) in
            Int64(packet.ordinal) == ordinal && packet.from == side && packet.notice == nil
                && packet.connection.id == id
                && !packet.fate.contains(.copy)
        }
        guard let segment = wire.takeAll(where: isMeant).first else {
            throw ActionError("segment \(ordinal) of \(id) from the \(side) is not on the wire")
        }
        return segment
    }

    // MARK: Healing

    /// Heals everything, as if nothing had been done to the network; what has happened has happened. What was still to
    /// come of it does not come.
    private func healAll() {
        count(.healAll)
        isHealed = true
        layers = Layers()
        for (id, _) in timers.all(where: { $0.isOfFaults }) { cancel(id) }
        for action in standing.actions { undo(action) }
        for partition in partitions { undo(.partition(.groups(partition))) }
        for link in links {
            if link.forward.isCut || link.backward.isCut { try? applyToLinks(.heal(link.id, nil)) }
            for direction in LinkDirection.allCases {
                unclog(link, direction, .all)
                for kind in LinkShape.Kind.allCases { restore(kind, of: link, direction) }
                link[direction].forgetOrder(at: now)
            }
        }
        for host in hosts where !host.isOn { try? applyToProcesses(.powerOn(host.id)) }
        for process in processes {
            if process.state == .paused { try? applyToProcesses(.resume(process.id)) }
            if process.wasEndedByFault { try? applyToProcesses(.restart(process.id)) }
        }
    }

    private func undo(_ action: Action) {
        if let inverse = action.inverse { _ = try? apply(inverse) }
    }
}

extension Action {
    fileprivate func undoes(_ override: DrawOverride) -> Bool {
        guard case .override(let standing) = self else { return false }
        return standing.site == override.site && standing.subject == override.subject
            && standing.number == override.number
    }
}

extension TimerAction {
    /// It is chaos, or the end or the rest of a fault that has struck.
    fileprivate var isOfFaults: Bool {
        switch self {
        case .action(let strike): strike.follows
        case .chaos: true
        case .wake, .socket: false
        }
    }
}
