import PeerNetworking

/// An ordered pair of hosts whose way is longer.
struct SlowPair {
    let from: Host
    let to: Host
    var extra: Int64
}

// Faults of links, and of what crosses several.
extension World {
    func applyToLinks(_ action: Action) throws(ActionError) {
        switch action {
        case .cut(let link, let direction): try setCut(true, link, direction)
        case .heal(let link, let direction): try setCut(false, link, direction)
        case .shape(let id, let direction, let shape):
            let link = try self.link(id)
            try check(shape)
            count(action)
            for direction in direction.map({ [$0] }) ?? LinkDirection.allCases { apply(shape, to: link, direction) }
        case .unshape(let id, let direction, let kind):
            let link = try self.link(id)
            count(action)
            for direction in direction.map({ [$0] }) ?? LinkDirection.allCases { restore(kind, of: link, direction) }
        case .clog(let scope):
            let lanes = try self.lanes(of: scope)
            guard lanes.contains(where: { !$0.link[$0.direction].clogs.contains($0.clog) }) else {
                throw ActionError("it is clogged already")
            }
            count(action)
            for lane in lanes { clog(lane.link, lane.direction, lane.clog) }
        case .unclog(let scope):
            let lanes = try self.lanes(of: scope)
            guard lanes.contains(where: { $0.link[$0.direction].clogs.contains($0.clog) }) else {
                throw ActionError("it is not clogged")
            }
            count(action)
            for lane in lanes { unclog(lane.link, lane.direction, lane.clog) }
        case .unreachable(let scope, let answer):
            try setUnreachable(answer, scope)
            count(action)
            stand(action)
        case .slowPair(let from, let to, let extra):
            guard extra >= 0 else { throw ActionError("a way is longer by 0 or more") }
            guard from != to else { throw ActionError("a way leads from one host to another") }
            let (source, target) = (try host(from), try host(to))
            count(action)
            slowPairs.removeAll { $0.from === source && $0.to === target }
            // What goes that way next may overtake what has gone the longer one.
            for link in links {
                for direction in LinkDirection.allCases where link.sender(direction) === source {
                    link[direction].forgetOrder(at: now)
                }
            }
            if extra > 0 { slowPairs.append(SlowPair(from: source, to: target, extra: extra)) }
            stand(action)
        case .dropDuring(let moment, let id, let direction, let probability):
            let link = try self.link(id)
            count(action)
            for direction in direction.map({ [$0] }) ?? LinkDirection.allCases {
                var moments = link[direction].moments.filter { $0.moment != moment }
                if probability != .never { moments.append((moment, probability)) }
                link[direction].moments = moments
            }
            stand(action)
        default:
            preconditionFailure("\(action.family) is not of links")
        }
    }

    // MARK: Cuts

    private func setCut(_ isCut: Bool, _ id: LinkID, _ direction: LinkDirection?) throws(ActionError) {
        let link = try self.link(id)
        let directions = direction.map { [$0] } ?? LinkDirection.allCases
        let changing = directions.filter { link[$0].isCut != isCut }
        guard !changing.isEmpty else {
            throw ActionError("\(topology.name(of: id)) is \(isCut ? "cut" : "whole") already")
        }
        emit(.fault(.cut, isCut ? .struck : .healed))
        for direction in changing {
            link[direction].isCut = isCut
            emit(.cut(id, direction, isCut))
            guard isCut else { continue }
            link[direction].cuts &+= 1
            loseInFlight(.cut) { $0.isOn(link, direction) }
        }
    }

    /// Loses what is on its way and satisfies a condition.
    private func loseInFlight(_ reason: LossReason, where condition: (InFlight) -> Bool) {
        for segment in wire.takeAll(where: condition) {
            segment.connection.segmentsInFlight -= 1
            emit(.lost(segment.number, reason))
            forgetIfDone(segment.connection)
        }
    }

    // MARK: Shapes

    private func check(_ shape: LinkShape) throws(ActionError) {
        switch shape {
        case .bandwidth(let rate, let queue) where rate < 0 || queue < 0:
            throw ActionError("a bandwidth and its queue are 0 or more")
        case .mtu(let bytes) where bytes < 128 || bytes > 65_535:
            throw ActionError("an MTU is 128…65535 bytes")
        default: break
        }
    }

    private func apply(_ shape: LinkShape, to link: Link, _ direction: LinkDirection) {
        guard link[direction].properties.shape(shape.kind) != shape else { return }
        if !link[direction].shaped.contains(shape.kind) { link[direction].shaped.append(shape.kind) }
        if shape.kind == .bandwidth {
            // What waits goes on at the new rate.
            let waiting = link[direction].backlog(at: now)
            link[direction].properties.apply(shape)
            let rate = link[direction].properties.bandwidth
            let until = rate > 0 ? now + (waiting * 1_000_000_000 + rate - 1) / rate : now
            link[direction].busyUntil = until
            emit(.shaped(link.id, direction, shape))
            recordQueue(rate > 0 ? waiting : 0, of: waiting, until: until, on: link, direction)
            return
        }
        link[direction].properties.apply(shape)
        if shape.kind == .latency { link[direction].forgetOrder(at: now) }
        emit(.shaped(link.id, direction, shape))
    }

    /// Gives a property back its value in the topology.
    func restore(_ kind: LinkShape.Kind, of link: Link, _ direction: LinkDirection) {
        let usual = topology.links[Int(link.id.index)]
        apply((direction == .forward ? usual.forward : usual.backward).shape(kind), to: link, direction)
    }

    // MARK: Clogs

    private typealias Lane = (link: Link, direction: LinkDirection, clog: Link.Clog)

    private func lanes(of scope: TrafficScope) throws(ActionError) -> [Lane] {
        switch scope {
        case .link(let id, let direction):
            let link = try self.link(id)
            return (direction.map { [$0] } ?? LinkDirection.allCases).map { (link, $0, .link) }
        case .host(let id, let bound):
            let host = try self.host(id)
            var lanes: [Lane] = []
            for link in links {
                for direction in LinkDirection.allCases {
                    if bound != .inbound, link.sender(direction) === host { lanes.append((link, direction, .sender)) }
                    if bound != .outbound, link.receiver(direction) === host {
                        lanes.append((link, direction, .receiver))
                    }
                }
            }
            guard !lanes.isEmpty else { throw ActionError("\(host.name) has no link") }
            return lanes
        }
    }

    private func clog(_ link: Link, _ direction: LinkDirection, _ clog: Link.Clog) {
        let wasClogged = !link[direction].clogs.isEmpty
        link[direction].clogs.insert(clog)
        guard !wasClogged else { return }
        emit(.clogged(link.id, direction, true))
        hold(on: link, direction)
    }

    func unclog(_ link: Link, _ direction: LinkDirection, _ clog: Link.Clog) {
        guard !link[direction].clogs.isEmpty else { return }
        link[direction].clogs.subtract(clog)
        guard link[direction].clogs.isEmpty else { return }
        emit(.clogged(link.id, direction, false))
        release(on: link, direction)
    }

    // MARK: Reachability

    private func setUnreachable(_ answer: Unreachability?, _ scope: TrafficScope) throws(ActionError) {
        switch scope {
        case .link(let id, let direction):
            let link = try self.link(id)
            for direction in direction.map({ [$0] }) ?? LinkDirection.allCases { link[direction].unreachable = answer }
        case .host(let id, _):
            let host = try self.host(id)
            unreachableHosts += (answer == nil ? 0 : 1) - (host.unreachable == nil ? 0 : 1)
            host.unreachable = answer
        }
    }

    /// The time that a slow pair adds to a segment's way.
    func slowPairExtra(_ packet: InFlight, on connection: Connection) -> Int64 {
        let (source, target) = (connection.host(packet.from), connection.host(packet.from.other))
        guard let pair = slowPairs.first(where: { $0.from === source && $0.to === target }) else { return 0 }
        emit(.struck(.slowPair, source.id))
        return pair.extra
    }

    // MARK: Partitions

    func isPartitioned(_ source: Host, from target: Host) -> Bool {
        !partitions.isEmpty && partitions.contains { $0.blocks(source.id, target.id) }
    }

    /// Begins a partition, drawing its groups where the plan says so.
    ///
    /// - Returns: what ends it.
    func part(_ plan: PartitionPlan) throws(ActionError) -> Action {
        let partition = try groups(of: plan)
        for host in partition.first + partition.second { _ = try self.host(host) }
        guard !partition.first.isEmpty, !partition.second.isEmpty else {
            throw ActionError("a partition has two groups of hosts")
        }
        guard !partitions.contains(partition) else { throw ActionError("these hosts are parted already") }
        emit(.fault(.partition, .struck))
        partitions.append(partition)
        emit(.partition(partition, true))
        loseInFlight(.partition) {
            let connection = $0.connection
            return $0.notice == nil
                && partition.blocks(connection.host($0.from).id, connection.host($0.from.other).id)
        }
        return .unpartition(partition)
    }

    func unpart(_ partition: Partition?) throws(ActionError) {
        let ending = partitions.filter { partition == nil || $0 == partition }
        guard !ending.isEmpty else { throw ActionError("there is no such partition") }
        emit(.fault(.partition, .healed))
        partitions.removeAll { ending.contains($0) }
        for partition in ending { emit(.partition(partition, false)) }
    }

    private func groups(of plan: PartitionPlan) throws(ActionError) -> Partition {
        if case .groups(let partition) = plan { return partition }
        let ends = hosts.filter { !$0.isRouter }.map(\.id)
        guard ends.count > 1 else { throw ActionError("a partition needs two hosts") }
        var first: [HostID]
        let isOneWay: Bool
        switch plan {
        case .groups(let partition): return partition
        case .random(let oneWay):
            isOneWay = oneWay
            first = ends.filter { _ in drawBelow(2, "partition.side") == 0 }
            // Nobody or everybody: the drawn host alone.
            if first.isEmpty || first.count == ends.count { first = [ends[drawBelow(ends.count, "partition.host")]] }
        case .uniformSize(let oneWay):
            isOneWay = oneWay
            first = drawSubset(of: ends, size: 1 + drawBelow(ends.count - 1, "partition.size"))
        case .isolateOne(let oneWay):
            isOneWay = oneWay
            first = [ends[drawBelow(ends.count, "partition.host")]]
        }
        return Partition(first, ends.filter { !first.contains($0) }, isOneWay: isOneWay)
    }

    /// A subset of a size, each as likely; in the order of the hosts.
    private func drawSubset(of all: [HostID], size: Int) -> [HostID] {
        shuffled(all, "partition.host").prefix(size).sorted()
    }

    /// A permutation, each as likely (Fisher and Yates).
    private func shuffled(_ all: [HostID], _ site: StaticString) -> [HostID] {
        var all = all
        for index in all.indices.dropLast() {
            all.swapAt(index, index + drawBelow(all.count - index, site))
        }
        return all
    }

    /// A draw of 0 ..< `bound` for the action under way.
    func drawBelow(_ bound: Int, _ site: StaticString) -> Int {
        Int(drawOfAction(Draw.stableHash(site)).multipliedFullWidth(by: UInt64(bound)).high)
    }

    // MARK: Swizzle

    /// Clogs hosts one after the other at drawn times, and releases them in another order (FoundationDB's swizzle).
    func swizzle(_ ids: [HostID], over span: Int64) throws(ActionError) {
        guard ids.count > 1 else { throw ActionError("a swizzle needs two hosts or more") }
        guard span > 0 else { throw ActionError("a swizzle takes longer than 0") }
        for id in ids { _ = try lanes(of: .host(id, nil)) }
        emit(.fault(.swizzle, .struck))
        let clogging = shuffled(ids, "swizzle.clog")
        let releasing = shuffled(ids, "swizzle.release")
        let half = span / 2
        for (place, id) in clogging.enumerated() {
            let time = now + half * Int64(place) / Int64(ids.count)
            _ = schedule(.action(Strike(following: .clog(.host(id, nil)))), at: time)
        }
        for (place, id) in releasing.enumerated() {
            let time = now + half + half * Int64(place + 1) / Int64(ids.count)
            _ = schedule(.action(Strike(following: .unclog(.host(id, nil)))), at: time)
        }
    }
}

extension Link.Clog {
    static let all: Link.Clog = [.link, .sender, .receiver]
}
