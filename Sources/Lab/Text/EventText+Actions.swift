import PeerNetworking
import SimNetwork

extension EventText {
    /// The line of a fault or an intervention: what was done, to what; of hosts that were drawn for it, which.
    func actionLine(of record: EventRecord, who: String) -> EventLine {
        var line = EventLine(
            weight: 0, who: who, verb: record.kind.description, detail: "", role: .fault, isFault: true)
        var isKnown = false
        for change in record.changes {
            switch change {
            case .action(let action):
                // Its command line begins with its own verb.
                let parts = names.text(action).split(separator: " ", maxSplits: 1)
                line.verb = parts.first.map(String.init) ?? line.verb
                line.detail = parts.count > 1 ? String(parts[1]) : ""
                if let pending = pending[record.number] { line.detail += " (\(self.line(of: pending).text))" }
                isKnown = true
            case .fault(let family, let turn):
                if !isKnown { line.verb = family.description + (turn == .healed ? " ends" : "") }
            case .partition(let partition, true):
                if !line.detail.contains("|") { line.detail += ": \(names.text(partition))" }
            // What the action has set is the action.
            case .cut, .clogged, .hostClogged, .shaped, .power, .readRate, .partition, .standing: break
            case .name, .timerSet, .taken, .scheduled, .episode, .process, .listening, .backlog, .opened, .tcp, .end,
                .unasked, .failed, .forgotten, .sent, .arrived, .lost, .delayed, .peerRegistered, .peer, .forwarded,
                .duplicated, .corrupted, .marked, .held, .queue, .struck, .draw:
                if self.line(of: change, in: record).weight >= EventLine.leastTelling { line.more += 1 }
            }
        }
        return line
    }
}
