import PeerNetworking
import SimNetwork
import Workloads

extension LabFileWriter {
    /// The entries of `peers:`: alike ones on the hosts of a pattern together.
    var peers: [SourceValue] {
        let all = lab.peers.filter { $0.program == nil }
        var written: [SourceValue] = []
        var index = 0
        while index < all.count {
            let peer = all[index]
            let group = group(in: all[index...])
            var fields = [
                SourceField("name", group?.name ?? peer.name), SourceField("on", group?.pattern ?? name(peer.host)),
            ]
            if let port = peer.listen { fields.append(SourceField("listen", "\(port)")) }
            if let remote = peer.connect { fields.append(SourceField("connect", "\(remote.host):\(remote.port)")) }
            fields.append(SourceField("run", value(of: peer.workload)))
            let config = ConfigNotation.fields(of: peer.config)
            if !config.isEmpty { fields.append(SourceField("config", .fields(config))) }
            written.append(.fields(fields))
            index += group?.count ?? 1
        }
        return written
    }

    /// `hand` on `worker-*`, where the first of some peers is `hand-1`, and each behind it the next on the next host.
    private func group(in peers: ArraySlice<PeerDefinition>) -> (name: String, pattern: String, count: Int)? {
        guard let first = peers.first, first.name.hasSuffix("-1"), first.name.count > 2 else { return nil }
        let name = String(first.name.dropLast(2))
        for pattern in hosts.patterns(of: first.host).dropLast() {
            let places = hosts.hosts(of: pattern)
            guard places.count <= peers.count, places.count > 1 else { continue }
            let isSame = places.enumerated().allSatisfy { number, host in
                var expected = first
                (expected.name, expected.host) = ("\(name)-\(number + 1)", host)
                return peers[peers.startIndex + number] == expected
            }
            if isSame { return (name, pattern, places.count) }
        }
        return nil
    }

    /// The entries of `programs:`.
    var programs: [SourceValue] {
        lab.peers.compactMap { peer in
            guard let program = peer.program else { return nil }
            let ready = program.ready.map { [SourceField("ready", "port \($0)")] } ?? []
            return .fields(
                [
                    SourceField("name", peer.name), SourceField("on", name(peer.host)),
                    SourceField("run", .list(program.command)),
                ] + ready)
        }
    }

    private func value(of workload: WorkloadDefinition) -> SourceValue {
        func changed(_ workload: some Workload) -> SourceValue {
            Self.difference(of: workload.parameters)
        }
        let parameters = changed(workload.workload)
        if case .mapping(let fields) = parameters.content, fields.isEmpty { return .text(workload.name) }
        return .fields([SourceField(workload.name, parameters)])
    }

    /// The parameters that are not as usual.
    private static func difference<Parameters: WorkloadParameters>(of parameters: Parameters) -> SourceValue {
        ParameterEncoder.tree(of: parameters).without(ParameterEncoder.tree(of: Parameters()))
    }
}

extension SourceValue {
    /// The value without what it has in common with another over which it is laid.
    fileprivate func without(_ usual: SourceValue) -> SourceValue {
        guard case .mapping(let fields) = content, case .mapping(let others) = usual.content else { return self }
        return .fields(
            fields.compactMap { field in
                guard let other = others.first(where: { $0.name == field.name })?.value else { return field }
                return field.value.says(other) ? nil : SourceField(field.name, field.value.without(other))
            })
    }
}
