/// A script that was gone through on a stack: how it stood after so many of its events, forwards and backwards.
package struct DrillSteps: Sendable {
    /// The script.
    package let script: Script
    /// What came of it.
    package let verdict: Verdict
    /// How late the wire was, in nanoseconds; nil where time is virtual.
    package let late: Int64?
    /// What went over the wire and was called, in order.
    let log: [Entry]
    /// How it stood after each event that is behind it, and before the first.
    let moments: [Moment]
    private let last: Moment

    /// How a stack stood.
    package struct Moment: Hashable, Sendable {
        /// The time on its clock, in nanoseconds.
        package var time: Int64 = 0
        /// `TCP_INFO` of the connection, by its fields; empty before there is one.
        package var information: [String: Int64] = [:]
        /// Segments that it has sent and no line has asked for yet.
        var untaken = 0
    }

    /// How it stands after some events.
    package struct State: Hashable, Sendable {
        /// Events that are behind it.
        package var done = 0
        /// The time, and what is known of the connection.
        package var moment = Moment()
        /// What came of the events so far: of one that does not hold nothing is behind.
        package var verdict = Verdict.holds
        /// What went over the wire and was called, in order.
        package var log: [Entry] = []
    }

    /// Something that has happened.
    package struct Entry: Hashable, Sendable {
        /// What it was.
        package enum Kind: Hashable, Sendable {
            /// A segment, or a word of the network, came to the stack.
            case incoming
            /// The stack has sent a segment.
            case outgoing
            /// It has sent one that the script has not asked for yet.
            case unasked
            /// The application has called.
            case call
        }

        package var at: Int64
        package var kind: Kind
        package var text: String
        /// The same without what two stacks may say differently: the window, the blocks.
        var bare: String
        /// The event that it belongs to, from 1; of what no line asks for the greatest there is.
        var step: Int
        /// How late the stack's clock lets it come, in nanoseconds.
        var grain: Int64 = 0
    }

    /// Goes through a script.
    ///
    /// - Parameter isVirtual: the stack's time is.
    package init(_ script: Script, on stack: any DrillStack, isVirtual: Bool) {
        let witness = DrillWitness(stack)
        verdict = DrillRun.run(script, on: witness) { witness.progressed(to: $0) }
        late = isVirtual ? nil : stack.lateness
        self.script = script
        (log, moments, last) = (witness.log, witness.moments, witness.last)
    }

    /// A script that could not be begun, or of which nobody can say what it was.
    package init(_ script: Script, notBegun verdict: Verdict, late: Int64? = nil) {
        (self.script, self.verdict, self.late, log) = (script, verdict, late, [])
        (moments, last) = ([Moment()], Moment())
    }

    /// Goes through a script against the simulated stack.
    package static func simulated(_ script: Script) -> DrillSteps {
        do throws(DrillFailure) {
            return DrillSteps(script, on: try SimulatedStack(settings: script.settings), isVirtual: true)
        } catch {
            return DrillSteps(script, notBegun: Drill.verdict(of: error))
        }
    }

    /// Events that are behind it at its end.
    package var reached: Int { moments.count - 1 }

    /// How it stood after so many events; after fewer where one does not hold.
    package func state(after count: Int) -> State {
        let done = min(max(0, count), reached)
        guard count <= reached, count < script.events.count else {
            return State(done: done, moment: last, verdict: verdict, log: log)
        }
        let moment = moments[done]
        var state = State(done: done, moment: moment, log: log.filter { $0.step <= done })
        state.log += log.filter { $0.step > done && $0.isSent }.prefix(moment.untaken).map {
            var entry = $0
            entry.kind = .unasked
            return entry
        }
        return state
    }
}

extension DrillSteps.Entry {
    fileprivate var isSent: Bool { kind == .outgoing || kind == .unasked }
}
