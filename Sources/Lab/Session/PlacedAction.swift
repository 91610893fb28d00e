import SimNetwork

/// Something that is done to a run at a place, as the option `--do` has it: `2.5s cut client-server`, `#1200 kill ping`.
public struct PlacedAction: Hashable, Sendable {
    /// Where: behind an event, or at a time behind all events up to it.
    public var place: Position
    /// What is done, as a command line.
    public var line: String

    /// Makes one.
    public init(_ place: Position, _ line: String) { (self.place, self.line) = (place, line) }

    /// As it is written.
    public var text: String {
        switch place {
        case .event(let event): "\(ThingNames.event(event)) \(line)"
        case .time(let time): "\(TimeText.operand(time)) \(line)"
        }
    }
}

extension LabSession {
    /// Goes to each place in turn and does what is to be done there, at once.
    ///
    /// - Throws: ``SessionError`` that names the one that cannot be done.
    public func carryOut(_ actions: [PlacedAction]) throws(SessionError) {
        let syntax = ActionSyntax(lab: lab)
        for action in actions {
            do throws(SessionError) {
                let parsed = try syntax.action(action.line)
                _ = try seek(to: action.place, budget: .max)
                if case .event(let event) = action.place, snapshot.event < event {
                    throw SessionError("the run ends with \(ThingNames.event(snapshot.event))")
                }
                guard snapshot.event == snapshot.records.count else {
                    throw SessionError("it comes before what was done already: write them in the order of their places")
                }
                try intervene(parsed)
            } catch {
                throw SessionError("\(quoted(action.text)): \(error)")
            }
        }
    }
}

extension Snapshot {
    /// What has been done by the cursor, each with its place: done in turn to a new run it gives this one.
    package var placedActions: [PlacedAction] {
        let names = Names(self)
        return interventions.map { done in
            let isAtEvent = records.time(ofEvent: done.event - 1) == done.time
            return PlacedAction(isAtEvent ? .event(done.event - 1) : .time(done.time), names.text(done.action))
        }
    }
}
