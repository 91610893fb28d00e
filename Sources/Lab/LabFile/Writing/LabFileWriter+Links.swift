import SimNetwork

extension LabFileWriter {
    /// The entries of `links:`: alike links between the hosts of a pattern together.
    var links: [SourceValue] {
        let all = lab.topology.links
        var written: [SourceValue] = []
        var joined: Set<LabNames.Pair> = []
        var index = 0
        while index < all.count {
            let link = all[index]
            let (between, count) = ends(of: index, joined)
            for link in all[index..<(index + count)] { joined.insert(LabNames.Pair(link.first, link.second)) }
            index += count
            written.append(.fields([SourceField("between", .list(between))] + shape(of: link)))
        }
        return written
    }

    /// The two hosts or patterns that stand for a link and as many behind it as are alike, and how many those are.
    private func ends(of index: Int, _ joined: Set<LabNames.Pair>) -> (between: [String], count: Int) {
        let link = lab.topology.links[index]
        let rest = lab.topology.links[index...]
        var best = (between: [name(link.first), name(link.second)], count: 1)
        // Without groups no pattern is what a person would write.
        guard hosts.groups.contains(where: { $0 != nil }) else { return best }
        for first in hosts.patterns(of: link.first).reversed() {
            for second in hosts.patterns(of: link.second).reversed() {
                let (firsts, seconds) = (hosts.hosts(of: first), hosts.hosts(of: second))
                guard firsts.count * seconds.count <= 2 * rest.count + firsts.count else { continue }
                let count = pairs(firsts, seconds, joined, like: link, in: rest)
                if count > best.count { best = ([first, second], count) }
            }
        }
        return best
    }

    /// How many links are the pairs of hosts, one after the other and all alike; 0 where they are not.
    private func pairs(
        _ firsts: [HostID], _ seconds: [HostID], _ joined: Set<LabNames.Pair>, like link: Topology.Link,
        in rest: ArraySlice<Topology.Link>
    ) -> Int {
        var count = 0
        var fresh: Set<LabNames.Pair> = []
        for first in firsts {
            for second in seconds where first != second {
                let pair = LabNames.Pair(first, second)
                if fresh.contains(pair) { continue }
                let place = rest.startIndex + count
                guard place < rest.endIndex, !joined.contains(pair) else { return 0 }
                let next = rest[place]
                guard next.first == first, next.second == second, next.forward == link.forward,
                    next.backward == link.backward
                else { return 0 }
                fresh.insert(pair)
                count += 1
            }
        }
        return count
    }

    func name(_ host: HostID) -> String { lab.topology.hosts[Int(host.index)].name }

    // MARK: What a link does

    private func shape(of link: Topology.Link) -> [SourceField] {
        var fields = shape(of: link.forward, unlike: LinkProperties(), isWhole: true)
        if link.backward != link.forward {
            fields.append(
                SourceField("backward", .fields(shape(of: link.backward, unlike: link.forward, isWhole: false))))
        }
        return fields
    }

    /// What differs from other properties; the latency always, of a link as a whole.
    private func shape(of link: LinkProperties, unlike other: LinkProperties, isWhole: Bool) -> [SourceField] {
        var fields: [SourceField] = []
        if isWhole || link.latency != other.latency {
            fields.append(SourceField("latency", operands.value(of: link.latency)))
        }
        if link.loss != other.loss { fields.append(SourceField("loss", operands.value(of: link.loss))) }
        if link.duplicate != other.duplicate { fields.append(SourceField("duplicate", link.duplicate.text)) }
        if link.reorder != other.reorder {
            let extra = Scale.duration.text(link.reorder.extra)
            fields.append(SourceField("reorder", .list([link.reorder.probability.text, extra])))
        }
        if link.corrupt != other.corrupt { fields.append(SourceField("corrupt", value(of: link.corrupt))) }
        let hasQueue = link.queue != other.queue || link.discipline != other.discipline
        if link.bandwidth != other.bandwidth || hasQueue {
            fields.append(SourceField("bandwidth", Scale.rate.text(link.bandwidth)))
        }
        if hasQueue { fields.append(SourceField("queue", queue(of: link, unlike: other))) }
        if link.mtu != other.mtu || link.tellsMTU != other.tellsMTU {
            let bytes = Scale.size.text(Int64(link.mtu))
            fields.append(
                SourceField(
                    "mtu",
                    link.tellsMTU == other.tellsMTU
                        ? .text(bytes)
                        : .fields([SourceField("bytes", bytes), SourceField("tells", "\(link.tellsMTU)")])))
        }
        return fields
    }

    private func value(of corrupt: Corruption) -> SourceValue {
        if corrupt.uncaught == .never { return .text(corrupt.caught.text) }
        let uncaught = SourceField("uncaught", corrupt.uncaught.text)
        return .fields(corrupt.caught == .never ? [uncaught] : [SourceField("caught", corrupt.caught.text), uncaught])
    }

    private func queue(of link: LinkProperties, unlike other: LinkProperties) -> SourceValue {
        let bytes = Scale.size.text(link.queue)
        if link.discipline == other.discipline { return .text(bytes) }
        let action = Action.shape(LinkID(0), nil, .queue(link.discipline))
        let fields = operands.fields(of: action).filter { $0.name != "link" }
        return .fields((link.queue == other.queue ? [] : [SourceField("bytes", bytes)]) + fields)
    }
}
