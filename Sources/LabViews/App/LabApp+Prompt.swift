import Lab
import Screen

extension LabApp {
    /// Asks for a line.
    ///
    /// - Parameter hint: what an empty line stands for.
    func ask(_ purpose: Prompt.Purpose, hint: String = "") {
        view.prompt = Prompt(purpose: purpose, editor: LineEditor(history: histories[purpose] ?? []), hint: hint)
    }

    /// Lets an input act on the line being typed.
    func type(_ input: Input) -> Bool {
        // Taken out, so that a key does not copy the line.
        guard var prompt = view.prompt.take() else { return false }
        let purpose = prompt.purpose
        let outcome = prompt.editor.handle(input) { before in
            let completion = Completion(snapshot: snapshot)
            return purpose == .command
                ? completion.candidates(for: before) : completion.candidates(for: before, after: purpose)
        }
        switch outcome {
        case .edited:
            view.prompt = prompt
            if purpose == .filter { setFilter(prompt.editor.text) }
        case .submitted(let text):
            view.prompt = nil
            histories[purpose] = prompt.editor.history
            submit(text, to: purpose)
        case .cancelled:
            view.prompt = nil
            if purpose == .filter { setFilter("") }
        case .tooLong:
            view.prompt = nil
            let most = LineEditor.limit
            complain(SessionError("a line has \(most) characters at most; this one had more, and nothing is done"))
        case .ignored:
            view.prompt = prompt
            return false
        }
        return true
    }

    private func submit(_ text: String, to purpose: Prompt.Purpose) {
        switch purpose {
        case .command: execute(text)
        case .filter: setFilter(text)
        case .goto: if !text.isEmpty { execute("goto " + text) }
        case .until: if !text.isEmpty { execute("until " + text) }
        case .breakpoint: if !text.isEmpty { execute("break " + text) }
        case .write: execute("write " + (text.isEmpty ? recordingName : text))
        case .name:
            guard !text.isEmpty, let id = view.naming, let name = snapshot.timelines[id]?.name else { break }
            execute("name \(name) \(text)")
        }
    }

    /// Shows the events that contain a text; all for an empty one.
    func setFilter(_ text: String) {
        guard view.filter?.text != text else { return }
        view.filter = text.isEmpty ? nil : EventFilter(text)
        view.filter?.search(snapshot)
        view.selected[.events] = nil
    }

    /// The name a recording gets where none is given: one that no file has, for nobody wants to lose another run by it.
    var recordingName: String {
        let seed = snapshot.seed
        let name = session.lab.name.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "-" }
        return RecordingName.free(after: "\(String(name))-\(seed)")
    }
}
