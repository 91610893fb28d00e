import PeerNetworking

extension World {
    /// Carries an action out, within the current event.
    ///
    /// - Returns: what undoes exactly this; nil where nothing does.
    /// - Throws: ``ActionError`` when there is nothing to act on; then nothing has changed.
    @discardableResult
    func apply(_ action: Action) throws(ActionError) -> Action? {
        let done = try supplies.carryOut(action, self)
        layers.note(done.action)
        return done.undo
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
            _ = try? supplies.carryOut(action ?? undo, self)
            isUncovering = false
        }
    }

    /// Notes what an action has set.
    func stand(_ action: Action) {
        standing.apply(action)
        emit(.standing(action))
    }

    // MARK: What is there

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

    func connection(_ id: ConnectionID) throws(ActionError) -> Connection {
        if let connection = connections[id.number] { return connection }
        throw ActionError(id.number > connectionsMade ? "there is no \(id) yet" : "\(id) is gone")
    }

    /// A draw of 0 ..< `bound` for the action under way.
    func drawBelow(_ bound: Int, _ site: StaticString) -> Int { drawBelow(bound, Draw.stableHash(site)) }

    /// The same of a site whose hash is known: who draws for 100,000 hosts makes it once.
    @inline(__always)
    func drawBelow(_ bound: Int, _ site: UInt64) -> Int {
        Int(drawOfAction(site).multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A permutation, each as likely (Fisher and Yates).
    func permutation(of all: [HostID], _ site: StaticString) -> [HostID] {
        var all = all
        let site = Draw.stableHash(site)
        for index in all.indices.dropLast() {
            all.swapAt(index, index + drawBelow(all.count - index, site))
        }
        return all
    }

    /// Loses what is on its way and satisfies a condition.
    func loseInFlight(_ reason: LossReason, where condition: (InFlight) -> Bool) {
        for segment in wire.takeAll(where: condition) {
            segment.connection.segmentsInFlight -= 1
            emit(.lost(segment.number, reason))
            forgetIfDone(segment.connection)
        }
    }
}
