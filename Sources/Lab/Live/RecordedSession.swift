import PeerNetworking
package import SimNetwork

/// What was recorded of a run on a real network: a past that can be gone through, and that nobody changes.
package final class RecordedSession: LabSession {
    package let lab: LabDefinition
    package let provider: ProviderKind
    private var past: RealPast
    private let end: RecordingLine.RealEnd?

    /// Opens a recording, at its end.
    ///
    /// - Parameter memory: in how much memory its past is kept.
    /// - Throws: ``SessionError`` where it is not of the lab that it has.
    package init(_ recording: RealRecording, memory: LogMemory = .standard) throws(SessionError) {
        (lab, provider, end) = (recording.lab, recording.network, recording.end)
        var arranged = RealPast.log(memory)
        guard arranged.arrange(recorded: recording.arranged) else {
            throw SessionError("what was arranged before the first event is damaged")
        }
        // What the knobs of this run were.
        let turned = lab.turnsKnobs ? lab.withKnobsTurned(seed: recording.seed) : lab
        var state = WorldState(hosts: turned.topology.hosts.count, links: turned.topology.links.count)
        state.applyArranged(of: arranged)
        past = RealPast(lab, seed: recording.seed, on: provider, arranged: arranged, state, memory: memory)
        past.add(recording.records)
        for intervention in recording.interventions { past.add(intervention) }
        past.timePasses(to: elapsed)
        if end?.isOver ?? false { past.finish() }
        past.follow()
    }

    /// How far time has come, in nanoseconds.
    private var elapsed: Int64 {
        guard let end else { return past.latest.time }
        return end.isOver ? lab.duration : min(max(end.time, past.latest.time), lab.duration)
    }

    package var traits: SessionTraits { provider.traits.recorded }

    package var snapshot: Snapshot {
        var snapshot = past.snapshot(elapsed: elapsed, failure: end?.error)
        snapshot.isRecorded = true
        snapshot.wire = end?.late.map {
            WireLateness(packets: $0.packets, median: $0.p50, most: $0.p99, stall: $0.stall)
        }
        snapshot.tailProbes = end?.tailProbes
        snapshot.congestion = end?.congestion ?? []
        snapshot.programs = (end?.programs ?? []).map {
            ProgramState(name: $0.name, isRunning: $0.exit == nil, exit: $0.exit, log: $0.log)
        }
        return snapshot
    }

    package var timelines: Timelines { past.timelines(elapsed: elapsed) }

    @discardableResult
    package func step() throws(SessionError) -> Bool { past.step() }

    @discardableResult
    package func stepBack() -> Bool { past.stepBack() }

    package func seek(to position: Position, budget: Int = .max) throws(SessionError) -> Bool {
        past.seek(to: position)
        return true
    }

    package func intervene(_ action: Action) throws(SessionError) {
        throw SessionError(snapshot.obstacle ?? "nothing can be done to a recording")
    }

    package func close() {}
}
