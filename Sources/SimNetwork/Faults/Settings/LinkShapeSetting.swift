/// A property of a link, or of one direction of it, that has another value than in the topology.
protocol LinkShapeSetting: Setting, OneForm, Acting where Target == Link {
    /// What the property can be.
    associatedtype Value: Hashable, Sendable

    /// The property.
    static var property: LinkShape.Kind { get }

    var link: LinkID { get }
    var direction: LinkDirection? { get }
    /// What it is; nil for what it is in the topology.
    var value: Value? { get }

    /// A value as a change of the link.
    static func shape(_ value: Value) -> LinkShape
    /// The operands that make up a value.
    static func operands(of value: Value) -> Operands
    /// The value that operands make up.
    static func value(_ operands: Operands) throws(OperandProblem) -> Value

    init(link: LinkID, direction: LinkDirection?, value: Value?)
}

extension LinkShapeSetting {
    init(_ operands: Operands) throws(OperandProblem) {
        self.init(
            link: try operands.require("link"), direction: try operands.find("direction"),
            value: try Self.value(operands))
    }

    var family: FaultFamily { Self.property.family }
    var form: ActionForm { value == nil ? Settings.restore : Self.form }
    var lifted: Self { Self(link: link, direction: direction, value: nil) }

    var operands: Operands {
        var operands = value.map { Self.operands(of: $0) } ?? Operands(["property": Self.property.operand])
        operands["link"] = link.operand
        operands["direction"] = direction?.operand
        return operands
    }

    // The state of a link shows its properties.
    static var isListed: Bool { false }

    /// What is given back in both directions is in either.
    func isLifted(with other: Self) -> Bool { lifted == other || link == other.link && other.direction == nil }

    func target(in world: World) throws(ActionError) -> Link { try world.link(link) }

    func act(on link: Link, in world: World) {
        for direction in direction.each {
            if let value {
                world.apply(Self.shape(value), to: link, direction)
            } else {
                world.restore(Self.property, of: link, direction)
            }
        }
    }
}

extension Settings {
    /// What gives a link's property back, whichever it is.
    static let restore = ActionForm(
        10, "restore", [.link, .word("property", LinkShape.Kind.self, "PROPERTY"), .direction],
        "Give a property of a link back the value that it has in the lab.")
}

extension LinkShape.Kind: OperandWord {
    var word: String { rawValue }

    /// The family of the fault catalogue that a change of the property is.
    public var family: FaultFamily {
        switch self {
        case .latency: .latency
        case .loss: .loss
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .bandwidth: .bandwidth
        case .mtu: .mtu
        case .queue: .queue
        }
    }
}

extension World {
    fileprivate func apply(_ shape: LinkShape, to link: Link, _ direction: LinkDirection) {
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
}
