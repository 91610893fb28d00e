extension WorldState {
    /// The pending events, earliest first; of those of one time the one that was arranged first.
    ///
    /// - Parameter limit: how many at most.
    public func upcoming(limit: Int) -> [UpcomingEvent] {
        var earliest = Earliest(limit: limit)
        for segment in segments where segment.arrives != .max {
            earliest.offer(at: segment.arrives, segment.place) {
                UpcomingEvent(
                    time: segment.arrives, what: .arrival(segment), cause: segment.cause, place: segment.place)
            }
        }
        for entry in agenda.entries {
            earliest.offer(at: entry.due, entry.place) {
                UpcomingEvent(time: entry.due, what: what(entry), cause: entry.cause, place: entry.place)
            }
        }
        for connection in connections {
            for side in Side.allCases {
                guard let timer = connection.end(side).timer else { continue }
                earliest.offer(at: timer.timer.due, timer.place) {
                    UpcomingEvent(
                        time: timer.timer.due, what: .end(connection.id, side, timer.timer.kind), cause: timer.cause,
                        place: timer.place)
                }
            }
        }
        return earliest.sorted
    }

    private func what(_ entry: Agenda.Entry) -> UpcomingEvent.What {
        switch entry.what {
        case .task(let process, let task): .timer(process, task: names.tasks[Int(task)])
        case .action(let action): .action(action)
        case .episode(let family): .fault(family)
        }
    }
}

/// The earliest of many, of which few are wanted.
private struct Earliest {
    private let limit: Int
    private var found: [(time: Int64, place: UInt64, event: UpcomingEvent)] = []
    /// Later ones are too late.
    private var latest: (time: Int64, place: UInt64) = (.max, .max)

    init(limit: Int) { self.limit = limit }

    mutating func offer(at time: Int64, _ place: UInt64, _ event: () -> UpcomingEvent) {
        guard limit > 0, (time, place) < latest else { return }
        found.append((time, place, event()))
        // Seldom: what is too late goes, and the bound comes down.
        if found.count / 4 > limit { settle() }
    }

    private mutating func settle() {
        found.sort { ($0.time, $0.place) < ($1.time, $1.place) }
        found.removeLast(max(0, found.count - limit))
        if found.count == limit, let last = found.last { latest = (last.time, last.place) }
    }

    var sorted: [UpcomingEvent] {
        var all = self
        all.settle()
        return all.found.map(\.event)
    }
}
