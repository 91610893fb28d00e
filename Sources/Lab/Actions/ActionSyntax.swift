import PeerNetworking
public import SimNetwork

/// Actions as text, with the lab's names: the same in recordings, scripts and on the command line.
///
/// A line is read as the entry of a lab file that says the same, by the same reader.
public struct ActionSyntax {
    private let lab: LabDefinition

    /// Reads and writes actions with a lab's names.
    public init(lab: LabDefinition) { self.lab = lab }

    /// An action as help shows it.
    public struct Entry: Hashable, Sendable {
        /// The name, or the shorter one for hands.
        public var name: String
        /// What follows it; where there are two ways, ` | ` stands between them.
        public var arguments: String
        /// What it does, in a sentence.
        public var help: String
    }

    /// The actions, for help and completion; those with a shorter name come by it too.
    public static let entries: [Entry] = {
        var entries: [Entry] = []
        for form in ActionForm.all {
            if let index = entries.firstIndex(where: { $0.name == form.name }) {
                entries[index].arguments += " | " + form.arguments
                continue
            }
            for name in [form.name, form.alias].compactMap({ $0 }) {
                entries.append(Entry(name: name, arguments: form.arguments, help: form.help))
            }
        }
        return entries
    }()

    /// How an action is written; nil for a name that is none.
    public static func form(of name: String) -> String? {
        entries.first { $0.name == name }.map { "\($0.name) \($0.arguments)" }
    }

    /// What an action is done to, in words: `a link`; nil for a name that is none, and for one that needs nothing.
    public static func needs(_ name: String) -> String? {
        let forms = ActionForm.named(name)
        if forms.contains(where: \.takesSegment) { return "a segment, as in c1>3" }
        return forms.first?.operands.first?.needed
    }

    /// Whether an action is done to something that is pending: a segment, or what else is.
    public static func isOfPending(_ name: String) -> Bool { ActionForm.named(name).contains(where: \.takesSegment) }

    /// Whether an action needs nothing but its name: it is done to the network as a whole.
    public static func standsAlone(_ name: String) -> Bool {
        ActionForm.named(name).contains { $0.operands.allSatisfy(\.isOptional) }
    }

    /// The action as text: `drop c1 client 3`.
    public func text(of action: Action) -> String { ActionWriter(lab: lab).text(of: action) }

    /// Reads an action.
    ///
    /// - Throws: ``SessionError`` that says what is wrong and what would be right.
    public func action(_ text: String) throws(SessionError) -> Action {
        let line = try ActionLine(text)
        var reader = LabFileReader(lab: lab)
        let action = reader.readAction(line.form, line.fields)
        if let problem = reader.diagnostics.first { throw SessionError(problem.message) }
        guard let action else { throw SessionError("'\(line.form.name)' is written: \(line.form.text)") }
        return action
    }
}

/// Durations and rates as text.
public enum Units {
    /// Nanoseconds of a text like `200ms`. Units `ns us ms s m`.
    ///
    /// - Throws: ``SessionError`` that says what is wrong with it.
    public static func readDuration(_ text: String) throws(SessionError) -> Int64 {
        do {
            return try Scale.duration.read(text)
        } catch {
            throw SessionError(error.message)
        }
    }

    /// Bytes of a machine's memory of a text like `2GiB`, at least ``LogMemory/least``.
    ///
    /// - Throws: ``SessionError`` that says what is wrong with it.
    public static func readMemory(_ text: String) throws(SessionError) -> Int {
        let size: Int64
        do {
            size = try Scale.memory.read(text)
        } catch {
            throw SessionError(error.message)
        }
        guard size >= LogMemory.least else {
            throw SessionError("the past of a run takes \(Scale.memory.text(Int64(LogMemory.least))) at least")
        }
        return Int(size)
    }

    /// Bytes a second of a text like `1KiB/s`; nil when it is none. Units `B/s KiB/s MiB/s`.
    public static func rate(_ text: String) -> Int64? { try? Scale.rate.read(text) }
}
