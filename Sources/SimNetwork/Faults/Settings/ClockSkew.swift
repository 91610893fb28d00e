extension Settings {
    /// A host's clock is off, or runs fast or slow.
    struct ClockSkew: Setting, OneForm, Acting {
        var host: HostID
        /// Nanoseconds that the clock is ahead.
        var offset: Int64
        /// Nanoseconds that it gains a second.
        var drift: Int64

        /// A year and half a second a second: further off no clock is.
        private static let offsets: ClosedRange<Int64> = -31_536_000_000_000_000...31_536_000_000_000_000
        private static let drifts: ClosedRange<Int64> = -500_000_000...500_000_000

        static let form = ActionForm(
            35, "clock-skew",
            [
                .host, ActionForm.Operand("offset", .duration(offsets)).optional,
                ActionForm.Operand("drift", .duration(drifts)).optional,
            ], "Set a host's clock off, and let it gain or lose time every second; zeros lift it.")

        var family: FaultFamily { .clockSkew }
        var operands: Operands {
            Operands(["host": host.operand, "offset": offset.operand, "drift": drift.operand])
        }
        var lifted: Self { Self(host: host, offset: 0, drift: 0) }

        func target(in world: World) throws(ActionError) -> Host { try world.host(host) }

        func act(on host: Host, in world: World) {
            world.set(HostClock(offset: offset, drift: drift, since: world.now), of: host)
        }

        static let chaos: ChaosSource? = .episodes(.clockSkew) { draws in
            guard let host = draws.anyHost() else { return nil }
            return .clockSkew(
                host, offset: draws.below(1_000_000_000, "offset"),
                drift: draws.below(20_000_000, "drift") - 10_000_000)
        }
    }
}

extension Settings.ClockSkew {
    init(_ operands: Operands) throws(OperandProblem) {
        host = try operands.require("host")
        let offset: Int64? = try operands.find("offset")
        let drift: Int64? = try operands.find("drift")
        guard offset != nil || drift != nil else { throw OperandProblem(nil, "clock-skew needs 'offset' or 'drift'") }
        (self.offset, self.drift) = (offset ?? 0, drift ?? 0)
    }
}

extension Action {
    /// Sets a host's clock off by nanoseconds, and lets it gain so many nanoseconds a second (or lose them).
    public static func clockSkew(_ host: HostID, offset: Int64, drift: Int64) -> Action {
        Action(Settings.ClockSkew(host: host, offset: offset, drift: drift))
    }
}
