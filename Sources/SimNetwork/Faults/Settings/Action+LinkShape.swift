extension Action {
    /// Changes a property of a link, in one direction or both.
    public static func shape(_ link: LinkID, _ direction: LinkDirection?, _ shape: LinkShape) -> Action {
        func set<Made: LinkShapeSetting>(_: Made.Type, _ value: Made.Value) -> Action {
            Action(Made(link: link, direction: direction, value: value))
        }
        return switch shape {
        case .latency(let latency): set(Settings.LinkLatency.self, latency)
        case .loss(let model): set(Settings.Loss.self, model)
        case .duplicate(let probability): set(Settings.Duplicate.self, probability)
        case .reorder(let reorder): set(Settings.Reorder.self, reorder)
        case .corrupt(let corrupt): set(Settings.Corrupt.self, corrupt)
        case .bandwidth(let rate, let queue): set(Settings.Bandwidth.self, .init(rate: rate, queue: queue))
        case .mtu(let bytes, let tells): set(Settings.MTU.self, .init(bytes: bytes, tells: tells))
        case .queue(let discipline): set(Settings.Queue.self, discipline)
        }
    }

    /// Gives a link's property back the value it has in the topology.
    public static func unshape(_ link: LinkID, _ direction: LinkDirection?, _ kind: LinkShape.Kind) -> Action {
        func lift<Made: LinkShapeSetting>(_: Made.Type) -> Action {
            Action(Made(link: link, direction: direction, value: nil))
        }
        return switch kind {
        case .latency: lift(Settings.LinkLatency.self)
        case .loss: lift(Settings.Loss.self)
        case .duplicate: lift(Settings.Duplicate.self)
        case .reorder: lift(Settings.Reorder.self)
        case .corrupt: lift(Settings.Corrupt.self)
        case .bandwidth: lift(Settings.Bandwidth.self)
        case .mtu: lift(Settings.MTU.self)
        case .queue: lift(Settings.Queue.self)
        }
    }

    /// Gives back what the operands of ``Settings/restore`` name.
    init(restoring operands: Operands) throws(OperandProblem) {
        self = .unshape(
            try operands.require("link"), try operands.find("direction"), try operands.require("property"))
    }
}
