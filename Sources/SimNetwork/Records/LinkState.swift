/// A link's visible state.
public struct LinkState: Hashable, Sendable {
    /// Nothing passes from the first host to the second.
    public internal(set) var forwardCut = false
    /// Nothing passes from the second host to the first.
    public internal(set) var backwardCut = false

    /// The first direction holds back what it carries, whatever its hosts do.
    public internal(set) var forwardClogged = false
    /// The second direction holds back what it carries, whatever its hosts do.
    public internal(set) var backwardClogged = false
    /// Properties that were changed, as they are now, in order of direction and kind.
    public internal(set) var shapes: [Shape] = []
    /// What waits before the line, in each direction that ever had a queue, the first direction before the second.
    public internal(set) var queues: [Queue] = []

    /// A property that was changed.
    public struct Shape: Hashable, Sendable {
        /// In which direction.
        public var direction: LinkDirection
        /// The property as it is now.
        public var shape: LinkShape
    }

    /// A queue of bytes before a line that drains at a constant rate.
    public struct Queue: Hashable, Sendable {
        /// In which direction.
        public var direction: LinkDirection
        /// Bytes when it last grew.
        public var bytes: Int64
        /// When it last grew, in nanoseconds.
        public var since: Int64
        /// When it will be empty, in nanoseconds.
        public var until: Int64
    }

    /// Whether a direction is cut.
    public func isCut(_ direction: LinkDirection) -> Bool { direction == .forward ? forwardCut : backwardCut }

    /// Whether a direction holds back what it carries, whatever its hosts do.
    public func isClogged(_ direction: LinkDirection) -> Bool {
        direction == .forward ? forwardClogged : backwardClogged
    }

    /// Bytes that wait before the line in a direction, or are on it, at a time.
    public func queued(_ direction: LinkDirection, at time: Int64) -> Int64 {
        guard let queue = queues.first(where: { $0.direction == direction }), queue.until > time,
            queue.until > queue.since
        else { return 0 }
        let product = queue.bytes.multipliedFullWidth(by: queue.until - max(time, queue.since))
        return (queue.until - queue.since).dividingFullWidth(product).quotient
    }

    /// A link's properties in a direction, as they are now.
    public func properties(_ usual: LinkProperties, _ direction: LinkDirection) -> LinkProperties {
        var properties = usual
        for entry in shapes where entry.direction == direction { properties.apply(entry.shape) }
        return properties
    }

    mutating func shape(_ direction: LinkDirection, _ shape: LinkShape) {
        let place = (direction.rawValue, shape.kind.order)
        let index = shapes.firstIndex { ($0.direction.rawValue, $0.shape.kind.order) >= place } ?? shapes.count
        let isThere =
            index < shapes.count && shapes[index].direction == direction && shapes[index].shape.kind == shape.kind
        if isThere {
            shapes[index].shape = shape
        } else {
            shapes.insert(Shape(direction: direction, shape: shape), at: index)
        }
    }
}
