import DequeModule

/// Tasks that wait for room, in the order in which they came.
///
/// Room goes to the first of them, which is woken alone: were all woken, each would look, and all but one would wait on.
/// Whoever leaves, with a part of the room or without, has the owner wake the next where some is left. So those who wait are
/// woken in their order, and no more of them than there is room for. Who comes when there is room need not wait, even
/// where others wait for more.
public struct WaitingLine: Sendable {
    /// A task's place in the line.
    public final class Place: Sendable {
        /// Announced when the task is to look again.
        public let turn: any Signal
        /// How much room it needs.
        public let size: Int

        fileprivate init(_ turn: any Signal, size: Int) {
            self.turn = turn
            self.size = size
        }
    }

    private var places: Deque<Place> = []

    /// A line in which nobody waits.
    public init() {}

    /// How many wait.
    public var count: Int { places.count }

    /// Takes the last place.
    ///
    /// - Parameters:
    ///   - turn: a signal that nothing else waits for.
    ///   - size: how much room the task needs, in what the owner of the line counts; 0 or more.
    public mutating func join(_ turn: any Signal, size: Int = 1) -> Place {
        let place = Place(turn, size: size)
        places.append(place)
        return place
    }

    /// Gives a place up. The turn may have been this one's: ``wakeFirst(where:)`` is to follow, once its room is taken.
    public mutating func leave(_ place: Place) {
        if let index = places.firstIndex(where: { $0 === place }) { places.remove(at: index) }
    }

    /// Wakes the first, where there is room for it; those behind wait for it, however little they need themselves.
    ///
    /// - Parameter hasRoom: whether there is room of a size.
    @inline(__always)
    public func wakeFirst(where hasRoom: (_ size: Int) -> Bool) {
        guard let first = places.first, hasRoom(first.size) else { return }
        first.turn.notify()
    }

    /// Wakes all, in their order: there is something else that each of them must know.
    public func wakeAll() {
        for place in places { place.turn.notify() }
    }
}
