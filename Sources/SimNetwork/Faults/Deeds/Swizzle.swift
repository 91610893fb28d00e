extension Deeds {
    /// Hosts are clogged one after the other at drawn times, and released in another order (FoundationDB's swizzle).
    struct Swizzle: Deed, OneForm, Acting {
        var hosts: [HostID]
        /// Nanoseconds.
        var span: Int64

        static let form = ActionForm(
            15, "swizzle",
            [ActionForm.Operand("hosts", .hosts), ActionForm.Operand("over", .duration(.withinAnHour))],
            "Clog hosts one after the other within a time, and release them in another order.")

        var family: FaultFamily { .swizzle }
        var operands: Operands { Operands(["hosts": hosts.operand, "over": span.operand]) }

        func check() throws(OperandProblem) {
            guard hosts.count > 1 else { throw OperandProblem("hosts", "a swizzle needs two hosts or more") }
        }

        func target(in world: World) throws(ActionError) -> [HostID] {
            for host in hosts { _ = try world.hostWithLinks(host) }
            return hosts
        }

        func act(on hosts: [HostID], in world: World) {
            let half = span / 2
            let count = Int64(hosts.count)
            let clogging = world.permutation(of: hosts, "swizzle.clog")
            let releasing = world.permutation(of: hosts, "swizzle.release")
            for (place, host) in clogging.enumerated() {
                let time = world.now + half * Int64(place) / count
                _ = world.schedule(Strike(following: .clog(.host(host, nil))), at: time)
            }
            for (place, host) in releasing.enumerated() {
                let time = world.now + half + half * Int64(place + 1) / count
                _ = world.schedule(Strike(following: .unclog(.host(host, nil))), at: time)
            }
        }

        static let chaos: ChaosSource? = .episodes(.swizzle) { draws in
            .swizzle(draws.ends, over: 1 + draws.below(1_000_000_000, "span"))
        }
    }
}

extension Deeds.Swizzle {
    init(_ operands: Operands) throws(OperandProblem) {
        hosts = try operands.require("hosts")
        span = try operands.require("over")
    }
}

extension Action {
    /// Clogs hosts one after the other within so many nanoseconds, and releases them in another order in as many.
    public static func swizzle(_ hosts: [HostID], over span: Int64) -> Action {
        Action(Deeds.Swizzle(hosts: hosts, span: span))
    }
}
