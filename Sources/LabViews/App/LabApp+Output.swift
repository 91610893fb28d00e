import Lab
import SimNetwork

// The page of what a program writes, which follows it.
extension LabApp {
    /// Opens the page of what a program has written last.
    ///
    /// - Parameter name: the program; nil for the one that is selected, or the only one there is.
    func openOutput(_ name: String?) throws(SessionError) {
        let programs = snapshot.programs
        guard !programs.isEmpty else {
            throw SessionError(
                snapshot.lab.hasPrograms ? "the lab's programs run with --on linux" : "the lab has no programs")
        }
        let names = programs.map(\.name)
        var wanted = name ?? (names.count == 1 ? names[0] : nil)
        if wanted == nil, case .process(let process)? = selectedItem {
            wanted = names.first { $0 == snapshot.lab.peers[Int(process.index)].name }
        }
        guard let wanted else {
            throw SessionError("which program? Write for example output \(names[0]) (\(names.joined(separator: ", ")))")
        }
        guard let program = programs.first(where: { $0.name == wanted }) else {
            throw SessionError("there is no program \(quoted(wanted))" + Suggestion.offer(for: wanted, among: names))
        }
        guard let output = ProgramOutput(program) else {
            throw SessionError("what \(wanted) has written cannot be read: \(program.log)")
        }
        var page = Page(output, of: program)
        page.selected = max(0, page.lines.count - 1)
        view.overlay = .page(page)
    }

    /// The page goes on with what was written since; who stands at its end stays there.
    func followOutput() {
        guard case .page(let page)? = view.overlay, case .output(let name, let size) = page.subject,
            let program = snapshot.programs.first(where: { $0.name == name }),
            ProgramOutput.size(of: program) != size, let output = ProgramOutput(program)
        else { return }
        var new = Page(output, of: program)
        // The lines before may have left the page at its top.
        new.selected =
            page.selected >= page.lines.count - 1
            ? max(0, new.lines.count - 1) : min(page.selected, new.lines.count - 1)
        view.overlay = .page(new)
    }
}

extension Page {
    /// What a program has written.
    fileprivate init(_ output: ProgramOutput, of program: ProgramState) {
        let state = program.exit.map { "ended with \($0)" } ?? (program.isRunning ? "running" : "not started")
        self.init(
            subject: .output(program.name, size: output.size), title: "\(program.name), \(state): \(program.log)",
            lines: output.lines.isEmpty
                ? [TextLine([("it has written nothing", .dim)])] : output.lines.map { TextLine([($0, .plain)]) })
    }
}
