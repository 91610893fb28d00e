import PeerNetworking
package import SimNetwork
import TCP

extension EventText {
    /// What is to happen, as a line.
    package func line(of upcoming: UpcomingEvent) -> EventLine {
        switch upcoming.what {
        case .arrival(let segment):
            EventLine(
                weight: 0, who: "\(segment.connection)", verb: "arrive",
                detail: "\(EventText.text(of: segment)) → \(segment.from.other)")
        case .end(let connection, let side, let timer): line(of: timer, "\(connection)", side)
        case .timer(let process, let task):
            EventLine(
                weight: 0, who: names.name(process), verb: "timer",
                detail: task.hasPrefix(names.name(process) + " ")
                    ? String(task.dropFirst(names.name(process).count + 1)) : task, role: .dim)
        case .fault(let family):
            EventLine(weight: 0, who: "fault", verb: family.description, detail: "", role: .fault, isFault: true)
        case .action(let action):
            EventLine(weight: 0, who: "fault", verb: names.text(action), detail: "", role: .fault, isFault: true)
        }
    }

    /// A timer of an end, as a line.
    private func line(of timer: TCPTimer, _ connection: String, _ side: Side) -> EventLine {
        switch timer {
        case .retransmission:
            EventLine(weight: 0, who: connection, verb: "RTO", detail: "\(side) resends", role: .warning)
        case .tailLossProbe:
            EventLine(weight: 0, who: connection, verb: "probe", detail: "\(side) probes the tail", role: .warning)
        case .reordering:
            EventLine(
                weight: 0, who: connection, verb: "reorder", detail: "\(side) counts as lost what is late",
                role: .warning)
        case .delayedAcknowledgement:
            EventLine(weight: 0, who: connection, verb: "ack", detail: "\(side) acknowledges what has come", role: .dim)
        case .persist:
            EventLine(weight: 0, who: connection, verb: "probe", detail: "\(side) asks for room", role: .warning)
        case .keepAlive:
            EventLine(weight: 0, who: connection, verb: "keep-alive", detail: "\(side) asks for a sign", role: .dim)
        case .finWait, .timeWait, .cookie:
            EventLine(weight: 0, who: connection, verb: "expire", detail: "\(side) forgets", role: .dim)
        }
    }
}
