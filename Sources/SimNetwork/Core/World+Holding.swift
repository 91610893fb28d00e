// Segments that a clogged link holds back, and lets go.
extension World {
    /// Holds back what is on a direction of a link.
    ///
    /// - Parameter places: where what is on the wire is, link by link, where that is known.
    func hold(on link: Link, _ direction: LinkDirection, among places: [LinkLane: [Int]]?) {
        guard !link[direction].isEmpty(at: now) else { return }
        for number in wire.hold(self.places(on: link, direction, among: places)) {
            link[direction].holdsBack = true
            emit(.held(number))
        }
    }

    private func places(on link: Link, _ direction: LinkDirection, among places: [LinkLane: [Int]]?) -> [Int] {
        guard let places else { return wire.places { $0.isOn(link, direction) } }
        return places[LinkLane(link: link.id, direction: direction)] ?? []
    }

    /// Lets go what a direction of a link held back: in its order, and not before its time.
    ///
    /// - Parameter places: as ``hold(on:_:among:)`` has it.
    func release(on link: Link, _ direction: LinkDirection, among places: [LinkLane: [Int]]?) {
        guard link[direction].holdsBack else { return }
        link[direction].holdsBack = false
        let released = wire.release(
            self.places(on: link, direction, among: places), from: now, takePlace: { queue.takePlace() })
        for entry in released {
            queue.push(
                time: entry.arrives, place: entry.place, kind: .segment, index: entry.index,
                generation: entry.generation)
            emit(.delayed(entry.number, until: entry.arrives))
        }
        if let last = released.last { link[direction].lastArrival = max(link[direction].lastArrival, last.arrives) }
    }
}
