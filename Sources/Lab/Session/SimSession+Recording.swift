import SimNetwork

extension SimSession {
    /// Starts to write a recording, beside those that are written already; what has happened so far is in it, on all
    /// timelines.
    ///
    /// - Throws: ``SessionError`` when the file cannot be written, or another recording is written to it.
    public func record(to path: String) throws(SessionError) {
        let recorder = try Recorder(path: path, lab: lab, seed: seed)
        let all = timelines.inOrder.map(\.summary)
        for summary in all {
            if let parent = summary.parent {
                recorder.branch(summary.name, leaving: tree.lineage[parent].name, after: summary.fork, nil)
            } else if summary.name != TimelineName.main {
                recorder.rename(TimelineName.main, to: summary.name)
            }
            for intervention in summary.interventions { recorder.intervention(intervention, digest: nil) }
            if let digest = summary.digest { recorder.checkpoint(summary.events, digest: digest) }
        }
        if all.last?.id != tree.current.id { recorder.go(to: tree.name, timeline.count, digest) }
        recorders.append(recorder)
    }

    /// Ends the recordings, each with its footer.
    public func finishRecording() {
        guard !recorders.isEmpty else { return }
        let others = tree.lineage.members.filter { $0.id != tree.current.id }.map { ($0.name, tree[$0.id].footer) }
        for recorder in recorders {
            recorder.finish(tree.current.footer, others: others)
            recordingProblem = recordingProblem ?? recorder.problem
        }
        recorders = []
    }
}

extension Branch {
    /// How it stands, as a recording's footer says it.
    fileprivate var footer: RecordingLine.Footer {
        let end = end
        return RecordingLine.Footer(
            events: timeline.count, digest: end.digest.description, outcome: end.outcome, isOver: end.isFinished,
            time: end.time)
    }
}
