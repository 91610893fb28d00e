// Segments that a clogged link or host holds back, and lets go.
extension World {
    /// Holds back what is on some directions of links.
    func hold(where isMeant: (Hop) -> Bool) {
        for (hop, places) in wire.places(byHop: { packet, hop in !packet.fate.contains(.held) && isMeant(hop) }) {
            hop.link[hop.direction].holdsBack = true
            for number in wire.hold(places) { emit(.held(number)) }
        }
    }

    /// Lets go what some directions of links held back and nothing else does: in its order, and not before its time.
    func release(where isMeant: (Hop) -> Bool) {
        let released = wire.places { packet, hop in
            packet.fate.contains(.held) && isMeant(hop) && !isClogged(hop.link, hop.direction)
        }
        for (hop, places) in released {
            hop.link[hop.direction].holdsBack = false
            let entries = wire.release(places, from: now, takePlace: { queue.takePlace() })
            for entry in entries {
                queue.push(
                    time: entry.arrives, place: entry.place, kind: .segment, index: entry.index,
                    generation: entry.generation)
                emit(.delayed(entry.number, until: entry.arrives))
            }
            guard let last = entries.last else { continue }
            hop.link[hop.direction].lastArrival = max(hop.link[hop.direction].lastArrival, last.arrives)
        }
    }
}
