import PeerNetworking
import Screen
import SimNetwork

extension EventText {
    /// What is to happen, as a line.
    func line(of upcoming: UpcomingEvent) -> EventLine {
        switch upcoming.what {
        case .arrival(let segment):
            EventLine(
                weight: 0, who: "\(segment.connection)", verb: "arrive",
                detail: "\(Self.kind(of: segment)) #\(segment.ordinal)"
                    + (segment.length > 0 ? " \(segment.length) B" : "") + " → \(segment.from.other)")
        case .end(let connection, let side, let timer):
            switch timer {
            case .retransmission:
                EventLine(weight: 0, who: "\(connection)", verb: "RTO", detail: "\(side) resends", style: .warning)
            case .windowProbe:
                EventLine(
                    weight: 0, who: "\(connection)", verb: "probe", detail: "\(side) asks for room", style: .warning)
            case .keepAlive:
                EventLine(
                    weight: 0, who: "\(connection)", verb: "keep-alive", detail: "\(side) asks for a sign",
                    style: .dim)
            case .finWait, .timeWait:
                EventLine(weight: 0, who: "\(connection)", verb: "expire", detail: "\(side) forgets", style: .dim)
            }
        case .timer(let process, let task):
            EventLine(
                weight: 0, who: names.name(process), verb: "timer",
                detail: task.hasPrefix(names.name(process) + " ")
                    ? String(task.dropFirst(names.name(process).count + 1)) : task, style: .dim)
        case .fault(let family):
            EventLine(weight: 0, who: "fault", verb: family.description, detail: "", style: .fault, isFault: true)
        case .action(let action):
            EventLine(
                weight: 0, who: "fault", verb: names.text(action), detail: "", style: .fault, isFault: true)
        }
    }
}
