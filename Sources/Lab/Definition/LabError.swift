/// What is wrong with a lab file, a recording or a command, and where.
public struct LabDiagnostic: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, or `-` for standard input.
    public var file: String
    /// The line, from 1; 0 where the file as a whole is meant.
    public var line: Int
    /// The column, from 1; 0 where the line as a whole is meant.
    public var column: Int
    /// What is wrong, with a suggestion where there is one.
    public var message: String
    /// Whether it keeps the file from being used.
    public var severity: Severity

    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The file cannot be used.
        case error
        /// It can, and probably does not do what its author wants.
        case warning
    }

    /// Makes a diagnostic.
    public init(file: String, line: Int = 0, column: Int = 0, message: String, severity: Severity = .error) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: error: message`, or `warning`: one line, fit for a terminal.
    public var description: String {
        var place = Printable.line(file)
        if line > 0 { place += ":\(line)" }
        if line > 0, column > 0 { place += ":\(column)" }
        return "\(place): \(severity.rawValue): \(Printable.line(message, atMost: Printable.mostOfMessage))"
    }
}

/// All that is wrong with a lab file, in the order of the file, and what is probably not meant beside it.
public struct LabDiagnostics: Error, Hashable, Sendable, CustomStringConvertible {
    /// The errors; one or more.
    public var all: [LabDiagnostic]

    /// What is allowed and probably not meant: an error does not hide it.
    public var warnings: [LabDiagnostic]

    /// Makes a list of diagnostics.
    public init(_ all: [LabDiagnostic], warnings: [LabDiagnostic] = []) {
        self.all = all
        self.warnings = warnings
    }

    /// One a line, the errors first.
    public var description: String { (all + warnings).map(\.description).joined(separator: "\n") }
}
