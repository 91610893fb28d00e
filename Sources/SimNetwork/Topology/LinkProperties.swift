import TCP

/// What one direction of a link does to the segments that cross it.
public struct LinkProperties: Hashable, Sendable {
    /// How long a segment takes, beyond its time in the queue.
    public var latency: Latency
    /// Which segments are lost.
    public var loss: LossModel
    /// The probability that a segment arrives twice.
    public var duplicate: Probability = .never
    /// Which segments are overtaken.
    public var reorder = Reordering()
    /// Which segments are damaged.
    public var corrupt = Corruption()
    /// Bytes a second, headers included; 0 for no limit.
    public var bandwidth: Int64 = 0
    /// Bytes that wait for the line, at most; what comes then is dropped. Only with a ``bandwidth``.
    ///
    /// 64 KiB are 45 full Ethernet frames; small routers keep that order.
    public var queue: Int64 = 65_536
    /// What the queue does when it fills.
    public var discipline = QueueDiscipline.dropTail
    /// Bytes of the largest packet, headers included; 128…65,535 (Ethernet's 1,500).
    public var mtu: Int32 = usualMTU
    /// Whether the sender of a larger packet is told (RFC 1191); where it is not, the way is a black hole (RFC 2923, 2.1).
    public var tellsMTU = true

    /// Makes the properties of a link's direction.
    public init(latency: Latency = .constant(1_000_000), loss: LossModel = .never) {
        self.latency = latency
        self.loss = loss
    }

    /// Bytes of the IPv4 and TCP headers, which every segment has.
    public static let headerBytes = TCPOptions.headerBytes
    /// The MTUs that there may be: from what IPv4 and TCP need for a payload at all to what the length of a packet can say.
    package static let mtus: ClosedRange<Int64> = 128...65_535

    /// Whether a segment does no more than take its latency.
    var isPlain: Bool {
        loss == .never && duplicate == .never && reorder.probability == .never && corrupt == Corruption()
            && bandwidth == 0
    }

    /// Bytes of the largest packet, as far as a host at its end can know: nobody is told of less than Ethernet's.
    package var knownMTU: Int32 { tellsMTU ? mtu : max(mtu, LinkProperties.usualMTU) }

    private static let usualMTU: Int32 = 1_500
}

/// Which segments a link loses.
public enum LossModel: Hashable, Sendable {
    /// Each with the same probability, whatever became of the others.
    case independent(Probability)
    /// In bursts.
    case burst(GilbertElliott)

    /// None.
    public static let never = LossModel.independent(.never)

    /// The share of segments lost in the long run.
    public var mean: Double {
        switch self {
        case .independent(let probability): probability.fraction
        case .burst(let model): model.mean
        }
    }
}

/// Loss in bursts: a Markov chain of a good and a bad state, each with a loss of its own (Gilbert 1960, Elliott 1963).
public struct GilbertElliott: Hashable, Sendable {
    /// The probability of going from good to bad, before each segment (`p`).
    public var toBad: Probability
    /// The probability of going from bad to good, before each segment (`r`); its inverse is the mean length of a burst.
    public var toGood: Probability
    /// The loss in the good state (Gilbert's model has 0).
    public var lossWhenGood: Probability
    /// The loss in the bad state.
    public var lossWhenBad: Probability

    /// Makes a model; without more, nothing is lost in the good state and everything in the bad one.
    public init(
        toBad: Probability, toGood: Probability, lossWhenGood: Probability = .never,
        lossWhenBad: Probability = .always
    ) {
        self.toBad = toBad
        self.toGood = toGood
        self.lossWhenGood = lossWhenGood
        self.lossWhenBad = lossWhenBad
    }

    /// The share of segments lost in the long run: of its time the chain is bad for p / (p + r).
    public var mean: Double {
        let leaving = toBad.fraction
        let returning = toGood.fraction
        guard leaving + returning > 0 else { return lossWhenGood.fraction }
        let bad = leaving / (leaving + returning)
        return bad * lossWhenBad.fraction + (1 - bad) * lossWhenGood.fraction
    }
}

/// Which segments others overtake.
public struct Reordering: Hashable, Sendable {
    /// The probability that a segment is held up.
    public var probability: Probability
    /// By how much, in nanoseconds; those behind it do not wait for it.
    public var extra: Int64

    /// Holds segments up; never, where nothing is given.
    public init(_ probability: Probability = .never, by extra: Int64 = 0) {
        self.probability = probability
        self.extra = extra
    }
}

/// Which segments are damaged on their way.
public struct Corruption: Hashable, Sendable {
    /// The probability of damage that the TCP checksum finds: the receiving kernel drops the segment.
    public var caught: Probability
    /// The probability of damage that it does not find: one bit of the payload arrives flipped.
    public var uncaught: Probability

    /// Damages segments; never, where nothing is given.
    public init(caught: Probability = .never, uncaught: Probability = .never) {
        self.caught = caught
        self.uncaught = uncaught
    }
}

/// A property of a link's direction, as an action changes it.
public enum LinkShape: Hashable, Sendable {
    /// How long a segment takes.
    case latency(Latency)
    /// Which segments are lost.
    case loss(LossModel)
    /// How many arrive twice.
    case duplicate(Probability)
    /// Which are overtaken.
    case reorder(Reordering)
    /// Which are damaged.
    case corrupt(Corruption)
    /// Bytes a second, and the bytes that the queue before the line holds.
    case bandwidth(Int64, queue: Int64)
    /// Bytes of the largest packet, and whether the sender of a larger one is told.
    case mtu(Int32, tells: Bool = true)
    /// What the queue before the line does when it fills.
    case queue(QueueDiscipline)

    /// Which property it is.
    public var kind: Kind {
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

    /// The properties by name.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// ``LinkProperties/latency``.
        case latency
        /// ``LinkProperties/loss``.
        case loss
        /// ``LinkProperties/duplicate``.
        case duplicate
        /// ``LinkProperties/reorder``.
        case reorder
        /// ``LinkProperties/corrupt``.
        case corrupt
        /// ``LinkProperties/bandwidth`` and ``LinkProperties/queue``.
        case bandwidth
        /// ``LinkProperties/mtu`` and ``LinkProperties/tellsMTU``.
        case mtu
        /// ``LinkProperties/discipline``.
        case queue

        /// Its place among the kinds.
        var order: Int { Kind.allCases.firstIndex(of: self) ?? 0 }
    }
}

extension LinkProperties {
    /// Changes one property.
    public mutating func apply(_ shape: LinkShape) {
        switch shape {
        case .latency(let value): latency = value
        case .loss(let value): loss = value
        case .duplicate(let value): duplicate = value
        case .reorder(let value): reorder = value
        case .corrupt(let value): corrupt = value
        case .bandwidth(let rate, let bytes):
            bandwidth = rate
            queue = bytes
        case .mtu(let value, let tells): (mtu, tellsMTU) = (value, tells)
        case .queue(let value): discipline = value
        }
    }

    /// One property as it is here.
    public func shape(_ kind: LinkShape.Kind) -> LinkShape {
        switch kind {
        case .latency: .latency(latency)
        case .loss: .loss(loss)
        case .duplicate: .duplicate(duplicate)
        case .reorder: .reorder(reorder)
        case .corrupt: .corrupt(corrupt)
        case .bandwidth: .bandwidth(bandwidth, queue: queue)
        case .mtu: .mtu(mtu, tells: tellsMTU)
        case .queue: .queue(discipline)
        }
    }
}
