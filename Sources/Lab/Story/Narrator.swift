import SimNetwork

/// Finds out which lines of the story have been said at a place in the run: each is said once, when its moment comes.
struct Narrator {
    /// A line that an event has brought.
    private struct Said {
        let line: Int
        let event: Int
        /// When, in nanoseconds.
        let time: Int64
    }

    private let lab: LabDefinition
    private var said: [Said] = []
    /// The lines that wait for their conditions.
    private var waiting = WatchList()

    /// Begins before the first event.
    init(lab: LabDefinition) {
        self.lab = lab
        for (index, line) in lab.story.enumerated() {
            if case .when(let condition) = line.when { waiting.add(index, condition, in: lab.emptyWorld) }
        }
    }

    /// Whether it looks at the state when an event is over.
    var looksAtEnds: Bool { waiting.looksAtEnds }
    /// How many lines an event has brought: what it asks to be shown is another then.
    var turns: Int { said.count }

    /// The changes that it is to be shown.
    var interests: ChangeKinds { waiting.interests }

    /// Looks at a change, and the state right after it.
    mutating func sees(_ change: Change, _ kinds: ChangeKinds, in world: WorldState) {
        say(waiting.sees(change, kinds, in: world), world)
    }

    /// Looks at the state when an event is over.
    mutating func seesEnd(in world: WorldState) {
        say(waiting.seesEnd(in: world), world)
    }

    private mutating func say(_ lines: [Int], _ world: WorldState) {
        guard !lines.isEmpty else { return }
        said += lines.map { Said(line: $0, event: world.event, time: world.time) }
        waiting.remove { lines.contains($0) }
    }

    /// The run is over, after so many events.
    mutating func end(at event: Int) {
        for (index, line) in lab.story.enumerated() where line.when == .end {
            said.append(Said(line: index, event: event, time: .max))
        }
    }

    /// The lines said up to an event and a time, latest last. A line with a time needs no event: it is said when that comes.
    func lines(upTo event: Int, at time: Int64) -> [String] {
        var lines = said.filter { $0.event <= event }
        for (index, line) in lab.story.enumerated() {
            switch line.when {
            case .start: lines.append(Said(line: index, event: 0, time: -1))
            case .time(let due): if due <= time { lines.append(Said(line: index, event: 0, time: due)) }
            case .when, .end: break
            }
        }
        lines.sort { ($0.time, $0.event, $0.line) < ($1.time, $1.event, $1.line) }
        return lines.map { lab.story[$0.line].text }
    }
}
