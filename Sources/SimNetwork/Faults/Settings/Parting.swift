extension Settings {
    /// Two groups of hosts do not hear each other.
    struct Parting: Setting, Acting {
        /// That a partition begins, or that one ends.
        enum Change: Hashable {
            case begin(PartitionPlan)
            /// All, where none is given.
            case end(Partition?)
        }

        var change: Change

        /// How groups are drawn, in a word.
        private enum Drawing: String, OperandWord {
            case random
            case uniformSize = "uniform-size"
            case isolateOne = "isolate-one"

            var word: String { rawValue }
        }

        private static let groups = ActionForm.Operand(
            "groups", .groups, words: Drawing.allCases.map(\.word), "HOSTS|HOSTS")
        private static let oneWay = ActionForm.Operand("one-way", .flag, "true").usually(.flag(false)).keyed

        static let forms = [
            ActionForm(
                13, "partition", [groups, oneWay],
                "Part the hosts in two groups that do not hear each other: `a,b|c`, one group against all others, or `random`, `uniform-size`, `isolate-one`."
            ),
            ActionForm(
                14, "unpartition", [ActionForm.Operand("groups", .groups).optional, oneWay], "End a partition, or all.",
                lifts: true),
        ]

        var family: FaultFamily { .partition }
        var form: ActionForm { if case .begin = change { Self.forms[0] } else { Self.forms[1] } }

        var operands: Operands {
            let (groups, isOneWay): (OperandValue?, Bool) =
                switch change {
                case .begin(.groups(let partition)), .end(let partition?):
                    (.groups(partition.first, partition.second), partition.isOneWay)
                case .begin(.random(let oneWay)): (Drawing.random.operand, oneWay)
                case .begin(.uniformSize(let oneWay)): (Drawing.uniformSize.operand, oneWay)
                case .begin(.isolateOne(let oneWay)): (Drawing.isolateOne.operand, oneWay)
                case .end(nil): (nil, false)
                }
            return Operands(["groups": groups, "one-way": isOneWay ? true.operand : nil])
        }

        var lifted: Self {
            switch change {
            case .begin(.groups(let partition)): Self(change: .end(partition))
            case .begin(.random), .begin(.uniformSize), .begin(.isolateOne): Self(change: .end(nil))
            case .end: self
            }
        }

        // Partitions are a state of their own.
        static let isLayered = false
        static let isListed = false

        func check() throws(OperandProblem) {
            guard case .begin(.groups(let partition)) = change else { return }
            guard !partition.first.isEmpty, !partition.second.isEmpty, !partition.hasSharedHost else {
                throw OperandProblem("groups", "a partition has two groups of hosts without a host in common")
            }
        }

        /// The partitions that begin or end.
        func target(in world: World) throws(ActionError) -> [Partition] {
            switch change {
            case .begin(let plan): return [try world.partition(by: plan)]
            case .end(let partition):
                let ending = world.partitions.filter { partition == nil || $0 == partition }
                guard !ending.isEmpty else { throw ActionError("there is no such partition") }
                return ending
            }
        }

        func act(on partitions: [Partition], in world: World) {
            switch change {
            case .begin: for partition in partitions { world.begin(partition) }
            case .end:
                world.partitions.removeAll { partitions.contains($0) }
                for partition in partitions { world.emit(.partition(partition, false)) }
            }
        }

        func undo(_ partitions: [Partition], of action: Action) -> Action? {
            if case .begin = change { .unpartition(partitions.first) } else { nil }
        }

        static let chaos: ChaosSource? = .episodes(.partition) { draws in
            let mode = draws.below(3, "mode")
            if mode == 0 { return .partition(.random(oneWay: draws.below(2, "one-way") == 0)) }
            return .partition(mode == 1 ? .uniformSize(oneWay: false) : .isolateOne(oneWay: false))
        }
    }
}

extension Settings.Parting {
    init(_ operands: Operands) throws(OperandProblem) {
        guard operands["groups"] != nil else {
            change = .end(nil)
            return
        }
        let isOneWay = try operands.find("one-way") ?? false
        if case .groups(let first, let second)? = operands["groups"] {
            change = .begin(.groups(Partition(first, second, isOneWay: isOneWay)))
            return
        }
        switch try operands.require("groups", as: Drawing.self) {
        case .random: change = .begin(.random(oneWay: isOneWay))
        case .uniformSize: change = .begin(.uniformSize(oneWay: isOneWay))
        case .isolateOne: change = .begin(.isolateOne(oneWay: isOneWay))
        }
    }
}

extension Action {
    /// Parts the hosts in two groups that do not hear each other.
    public static func partition(_ plan: PartitionPlan) -> Action {
        Action(Settings.Parting(change: .begin(plan)))
    }

    /// Ends a partition; all, where none is given.
    public static func unpartition(_ partition: Partition?) -> Action {
        Action(Settings.Parting(change: .end(partition)))
    }
}

extension World {
    fileprivate func begin(_ partition: Partition) {
        partitions.append(partition)
        emit(.partition(partition, true))
        loseInFlight(.partition) {
            let connection = $0.connection
            return $0.notice == nil
                && partition.blocks(connection.host($0.from).id, connection.host($0.from.other).id)
        }
    }

    /// The partition that a plan makes now, drawing its groups where the plan says so.
    fileprivate func partition(by plan: PartitionPlan) throws(ActionError) -> Partition {
        let partition = try groups(of: plan)
        for group in [partition.first, partition.second] {
            guard group.allSatisfy({ hosts.indices.contains(Int($0.index)) }) else {
                throw ActionError("there is no such host")
            }
        }
        guard !partitions.contains(partition) else { throw ActionError("these hosts are parted already") }
        return partition
    }

    private func groups(of plan: PartitionPlan) throws(ActionError) -> Partition {
        if case .groups(let partition) = plan { return partition }
        let ends = endHosts
        guard ends.count > 1 else { throw ActionError("a partition needs two hosts") }
        // Looked up and not searched for: there may be 100,000.
        var isFirst = [Bool](repeating: false, count: hosts.count)
        func take(_ host: HostID) { isFirst[Int(host.index)] = true }
        let isOneWay: Bool
        switch plan {
        case .groups(let partition): return partition
        case .random(let oneWay):
            isOneWay = oneWay
            let site = Draw.stableHash("partition.side")
            var size = 0
            for host in ends where drawBelow(2, site) == 0 {
                take(host)
                size += 1
            }
            // Nobody or everybody: the drawn host alone.
            if size == 0 || size == ends.count {
                for host in ends { isFirst[Int(host.index)] = false }
                take(ends[drawBelow(ends.count, "partition.host")])
            }
        case .uniformSize(let oneWay):
            isOneWay = oneWay
            // A subset of a size, each as likely.
            let size = 1 + drawBelow(ends.count - 1, "partition.size")
            for host in permutation(of: ends, "partition.host").prefix(size) { take(host) }
        case .isolateOne(let oneWay):
            isOneWay = oneWay
            take(ends[drawBelow(ends.count, "partition.host")])
        }
        return Partition(
            ends.filter { isFirst[Int($0.index)] }, ends.filter { !isFirst[Int($0.index)] }, isOneWay: isOneWay)
    }
}
