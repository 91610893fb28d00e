import SimNetwork
import TCP

/// What stands at hosts from the beginning: beside its host what a host's entry has a key for, among the faults the rest.
struct StandingNotation {
    /// Of each host, by its number, the keys and their values.
    private(set) var ofHosts: [[SourceField]]
    /// What stands among the faults, in its order.
    private(set) var others: [Action]

    init(_ lab: LabDefinition) {
        ofHosts = Array(repeating: [], count: lab.topology.hosts.count)
        others = lab.standing
        let beside = lab.standing.prefix { Self.key(of: $0) != nil }
        var fields = ofHosts
        var drops: [Int] = []
        let writer = OperandWriter(lab)
        for action in beside {
            guard let (key, host) = Self.key(of: action), fields.indices.contains(host) else { return }
            if key == Self.drops {
                drops.append(host)
                continue
            }
            let operands = writer.fields(of: action).filter { $0.name != "host" }
            fields[host].append(SourceField(key, .fields(operands)))
        }
        for host in drops { fields[host].append(SourceField(Self.drops, "icmp")) }
        // The reader takes them host by host: another order has to be kept among the faults.
        var order: [Action] = []
        for host in fields.indices {
            let own = beside.filter { Self.key(of: $0)?.host == host }
            let keyed = Self.keys.flatMap { key in own.filter { Self.key(of: $0)?.key == key } }
            guard Set(own.compactMap { Self.key(of: $0)?.key }).count == own.count else { return }
            order += keyed
        }
        guard order == Array(beside) else { return }
        ofHosts = fields
        others = Array(lab.standing[beside.endIndex...])
    }

    private static let drops = "drops"
    /// The keys in the order in which they are read.
    private static let keys = ["clock", "slow-timers", "nat", drops]

    /// The key of a host's entry that says what an action does, and the host.
    private static func key(of action: Action) -> (key: String, host: Int)? {
        let name = action.form.name == "clock-skew" ? "clock" : action.form.name
        if keys.contains(name), case .host(let host)? = action.operands["host"] { return (name, Int(host.index)) }
        guard case .host(let host)? = action.operands["of"], action == .icmpDrop(.host(host, nil)) else { return nil }
        return (drops, Int(host.index))
    }
}

/// How hosts are written: alike ones together, `worker: {count: 4}` for `worker-1` … `worker-4`.
struct HostNotation {
    /// Hosts of one entry.
    private struct Entry {
        var name: String
        /// How many; nil for one of the name itself.
        var count: Int?
        var options: [SourceField]
    }

    private var entries: [Entry] = []
    /// Of each host that is one of several of an entry the entry's name.
    private(set) var groups: [String?] = []
    private let names: [String]
    private let numbers: [String: Int]
    private let isGrouped: Bool

    init(_ lab: LabDefinition, _ standing: StandingNotation, isGrouped: Bool) {
        self.isGrouped = isGrouped
        let hosts = lab.topology.hosts
        names = hosts.map(\.name)
        numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var index = 0
        while index < hosts.count {
            let like = hosts[index]
            let fields = standing.ofHosts[index]
            var last = index
            if isGrouped, let name = Self.base(of: like.name, number: 1) {
                while last + 1 < hosts.count, hosts[last + 1].name == "\(name)-\(last + 2 - index)" {
                    var other = hosts[last + 1]
                    other.name = like.name
                    guard other == like, SourceValue.fields(standing.ofHosts[last + 1]).says(.fields(fields)) else {
                        break
                    }
                    last += 1
                }
            }
            // Knobs of the kernel between what the kernel has and what stands at the host.
            let options = Self.options(of: like) + fields
            let group = last > index ? Self.base(of: like.name, number: 1) : nil
            entries.append(
                Entry(name: group ?? like.name, count: group.map { _ in last - index + 1 }, options: options))
            groups += Array(repeating: group, count: last - index + 1)
            index = last + 1
        }
    }

    /// `worker` of `worker-1`.
    private static func base(of name: String, number: Int) -> String? {
        let suffix = "-\(number)"
        guard name.hasSuffix(suffix), name.count > suffix.count else { return nil }
        return String(name.dropLast(suffix.count))
    }

    /// The value of `hosts:`.
    var value: SourceValue {
        if entries.allSatisfy({ $0.count == nil && $0.options.isEmpty }) { return .list(entries.map(\.name)) }
        return .fields(
            entries.map { entry in
                let count = entry.count.map { [SourceField("count", "\($0)")] } ?? []
                return SourceField(entry.name, .fields(count + entry.options))
            })
    }

    /// What a host's name may be part of: itself, its entry's hosts, and all.
    func patterns(of host: HostID) -> [String] {
        let own = names[Int(host.index)]
        guard isGrouped else { return [own] }
        return ["*", groups[Int(host.index)].map { "\($0)-*" }, own].compactMap(\.self)
    }

    /// The hosts of a name or a pattern, in their order.
    func hosts(of pattern: String) -> [HostID] {
        guard let stars = HostPattern(pattern) else { return numbers[pattern].map { [HostID($0)] } ?? [] }
        return names.indices.filter { stars.matches(names[$0]) }.map { HostID($0) }
    }

    /// Hosts by their names, or by the pattern that stands for just these.
    func value(of hosts: [HostID]) -> SourceValue {
        if let first = hosts.first, hosts.count > 1 {
            for pattern in patterns(of: first).dropLast() where self.hosts(of: pattern) == hosts {
                return .text(pattern)
            }
        }
        return .list(hosts.map { names[Int($0.index)] })
    }

    // MARK: A host's kernel

    private static func options(of host: Topology.Host) -> [SourceField] {
        var fields: [SourceField] = []
        if host.isRouter { fields.append(SourceField("router", "true")) }
        let (limits, usual) = (host.limits, HostLimits())
        if limits.sockets != usual.sockets { fields.append(SourceField("sockets", "\(limits.sockets)")) }
        if limits.memory != usual.memory { fields.append(SourceField("memory", Scale.size.text(limits.memory))) }
        if limits.ports != usual.ports { fields.append(SourceField("ports", "\(limits.ports)")) }
        return fields + options(of: host.tcp)
    }

    /// The keys that make a kernel of the usual one, or of another that is called by its name.
    private static func options(of tcp: TCPOptions) -> [SourceField] {
        var found: [[SourceField]] = []
        for profile in LabFileReader.profiles {
            let named = profile.options == .sendingAtOnce ? [] : [SourceField("tcp", profile.name)]
            guard let knobs = knobs(from: profile.options, to: tcp) else { continue }
            found.append(
                named + knobs.map { SourceField($0.names.last ?? $0.name, $0.fileText(of: $0.value(in: tcp))) })
        }
        return found.min { $0.count < $1.count } ?? []
    }

    /// The options to give, of all in their order; nil where none make one of the other.
    private static func knobs(from options: TCPOptions, to wanted: TCPOptions) -> [TCPKnob]? {
        func applying(_ chosen: Set<Int>) -> TCPOptions {
            var options = options
            for index in TCPKnob.all.indices where chosen.contains(index) {
                TCPKnob.all[index].set(&options, TCPKnob.all[index].value(in: wanted))
            }
            return options
        }
        let all = TCPKnob.all
        let needed = Set(all.indices.filter { all[$0].value(in: options) != all[$0].value(in: wanted) })
        func inOrder(_ chosen: Set<Int>) -> [TCPKnob] { all.indices.filter { chosen.contains($0) }.map { all[$0] } }
        if applying(needed) == wanted { return inOrder(needed) }
        // Some options set a second thing beside their own, whether a buffer grows: one or two more may be needed for that.
        for first in all.indices where applying(needed.union([first])) == wanted {
            return inOrder(needed.union([first]))
        }
        for first in all.indices {
            for second in all.indices where second > first && applying(needed.union([first, second])) == wanted {
                return inOrder(needed.union([first, second]))
            }
        }
        return nil
    }
}

extension TCPKnob {
    /// A value as a lab file has it.
    func fileText(of value: Int64) -> String {
        if case .bytes = kind { Scale.size.text(value) } else { text(of: value) }
    }
}
