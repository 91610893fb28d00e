import PeerNetworking
import SimNetwork

/// Finds out which lines of the story have been said by an event: each is said once, when its moment comes.
struct Narrator {
    private let lab: LabDefinition
    /// For each line that was said, the event at which it was; in the order in which they were said.
    private(set) var said: [(line: Int, event: Int)] = []
    private var waiting: [Int]

    init(lab: LabDefinition) {
        self.lab = lab
        waiting = []
        for (index, line) in lab.story.enumerated() {
            if line.when == .start { said.append((index, 0)) } else { waiting.append(index) }
        }
    }

    mutating func hear(_ record: EventRecord, peerNames: [String]) {
        guard !waiting.isEmpty else { return }
        for index in waiting where moment(lab.story[index].when, isIn: record, peerNames) {
            said.append((index, record.number))
        }
        waiting.removeAll { index in said.contains { $0.line == index } }
    }

    mutating func end(at event: Int) {
        for index in waiting where lab.story[index].when == .end { said.append((index, event)) }
        waiting.removeAll { lab.story[$0].when == .end }
    }

    /// The run goes on after its end: what was said there is to be said again.
    mutating func unsayEnd() {
        waiting += said.filter { lab.story[$0.line].when == .end }.map(\.line)
        said.removeAll { lab.story[$0.line].when == .end }
    }

    /// The lines said up to an event, latest last.
    func lines(upTo event: Int) -> [String] {
        said.filter { $0.event <= event }.map { lab.story[$0.line].text }
    }

    /// The narrator of a branch: what was said after the event is unsaid.
    func truncated(to event: Int) -> Narrator {
        var other = self
        other.waiting += said.filter { $0.event > event }.map(\.line)
        other.waiting.sort()
        other.said.removeAll { $0.event > event }
        return other
    }

    private func moment(_ moment: StoryLine.Moment, isIn record: EventRecord, _ peerNames: [String]) -> Bool {
        switch moment {
        case .start, .end: false
        case .time(let time): record.time >= time
        case .losesPower(let host): record.changes.contains(.power(host, on: false))
        case .getsPower(let host): record.changes.contains(.power(host, on: true))
        case .cut(let link): record.changes.contains { isCut($0, link, true) }
        case .healed(let link): record.changes.contains { isCut($0, link, false) }
        case .state(let peer, let state):
            happened(to: peer, in: record, peerNames) { if case .state(state, _) = $0 { true } else { false } }
        case .blocked(let peer): happened(to: peer, in: record, peerNames) { $0 == .blocked(true) }
        case .finishes(let peer):
            happened(to: peer, in: record, peerNames) { if case .finished = $0 { true } else { false } }
        }
    }

    private func isCut(_ change: Change, _ link: LinkID, _ isCut: Bool) -> Bool {
        if case .cut(link, _, isCut) = change { true } else { false }
    }

    private func happened(
        to peer: String, in record: EventRecord, _ peerNames: [String], _ matches: (PeerEvent) -> Bool
    ) -> Bool {
        record.changes.contains { change in
            guard case .peer(let number, let event) = change, Int(number.index) < peerNames.count else { return false }
            return peerNames[Int(number.index)] == peer && matches(event)
        }
    }
}
