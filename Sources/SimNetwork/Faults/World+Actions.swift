import PeerNetworking

extension World {
    /// Carries an action out, within the current event.
    ///
    /// - Throws: ``ActionError`` when there is nothing to act on; then nothing has changed.
    func apply(_ action: Action) throws(ActionError) {
        switch action {
        case .cut(let link, let direction): try setCut(true, link, direction)
        case .heal(let link, let direction): try setCut(false, link, direction)
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
        case .kill(let id):
            let process = try process(id)
            guard let life = process.life else { throw ActionError("\(process.name) is not running") }
            count(action)
            end(life, as: .killed)
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
        case .slowReader(let id, let rate):
            let process = try process(id)
            guard rate >= 0 else { throw ActionError("a rate is 0 or more bytes a second") }
            count(action)
            process.readRate = rate
            process.nextReadAt = now
            emit(.readRate(process.id, bytesPerSecond: rate))
            // Those that wait for the old rate's time look again.
            for socket in process.host.sockets.ordered where socket.life != nil && socket.life === process.life {
                if let timer = socket.readTimer { timers.remove(timer) }
                socket.reading.wake()
            }
        case .reset(let id):
            guard let connection = connections[id.number] else { throw ActionError("\(id) is gone") }
            let ends = [connection.client, connection.server].compactMap { $0 }.filter { $0.tcp.state != .closed }
            guard !ends.isEmpty else { throw ActionError("\(id) has no socket left") }
            count(action)
            for socket in ends {
                socket.tcp.fail(.reset)
                handle(.failed, of: socket)
            }
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
            let slot = wire.insert(segment)
            queue.push(time: segment.arrives, kind: .segment, index: slot.index, generation: slot.generation)
            emit(.delayed(segment.number, until: segment.arrives))
        }
    }

    private func count(_ action: Action) {
        emit(.fault(action.family, !action.heals))
    }

    private func host(_ id: HostID) throws(ActionError) -> Host {
        guard hosts.indices.contains(Int(id.index)) else { throw ActionError("there is no such host") }
        return hosts[Int(id.index)]
    }

    private func process(_ id: ProcessID) throws(ActionError) -> Process {
        guard processes.indices.contains(Int(id.index)) else { throw ActionError("there is no such process") }
        return processes[Int(id.index)]
    }

    private func takeSegment(_ id: ConnectionID, _ side: Side, _ ordinal: Int64) throws(ActionError) -> InFlight {
        let taken = wire.takeAll { $0.connection.id == id && $0.from == side && $0.ordinal == ordinal }
        guard let segment = taken.first else {
            throw ActionError("segment \(ordinal) of \(id) from the \(side) is not on the wire")
        }
        return segment
    }

    private func setCut(_ isCut: Bool, _ id: LinkID, _ direction: LinkDirection?) throws(ActionError) {
        guard links.indices.contains(Int(id.index)) else { throw ActionError("there is no such link") }
        let link = links[Int(id.index)]
        let directions = direction.map { [$0] } ?? LinkDirection.allCases
        let changing = directions.filter { ($0 == .forward ? link.forward.isCut : link.backward.isCut) != isCut }
        guard !changing.isEmpty else {
            throw ActionError("\(topology.name(of: id)) is \(isCut ? "cut" : "whole") already")
        }
        emit(.fault(.cut, isCut))
        for direction in changing {
            if direction == .forward { link.forward.isCut = isCut } else { link.backward.isCut = isCut }
            emit(.cut(id, direction, isCut))
            if isCut { loseSegments(on: link, direction) }
        }
    }

    /// What is on a link when it is cut is lost with it.
    private func loseSegments(on link: Link, _ direction: LinkDirection) {
        let lost = wire.takeAll { segment in
            segment.connection.link === link
                && (segment.from == .client) == (segment.connection.direction == direction)
        }
        for segment in lost {
            segment.connection.segmentsInFlight -= 1
            emit(.lost(segment.number, .cut))
            forgetIfDone(segment.connection)
        }
    }
}
