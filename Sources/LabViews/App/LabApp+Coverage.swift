import Lab

extension LabApp {
    /// Opens the page of fault × state; of a cell that is named, says where the run has met it, or how to search for a seed that
    /// does.
    func openCoverage(_ words: [String]) throws(SessionError) {
        let here = snapshot
        let coverage = try RunCoverage(of: here)
        guard coverage.grid.count > 0 else { throw SessionError("the lab has no faults of its own") }
        guard !words.isEmpty else { return view.overlay = .page(Page(coverage)) }
        let cell = try coverage.grid.cell(named: words.joined(separator: " "))
        let name = coverage.grid.name(cell)
        if let event = coverage.first(cell) { return say("\(name) was met at \(ThingNames.event(event))") }
        guard let lab = nameOnCommandLine else { return say("\(name) was not met so far") }
        say(["peerlab", "sweep", lab, "--cover", name].map(ShellWord.quoted).joined(separator: " "))
    }
}
