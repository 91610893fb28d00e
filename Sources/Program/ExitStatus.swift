/// The exit codes that scripts rely on.
enum ExitStatus: Int32 {
    case passed = 0
    /// An expectation or an invariant failed.
    case failed = 1
    /// The command line, a lab file or a recording cannot be used.
    case unusable = 2
    /// A replay diverged from its recording.
    case diverged = 3
    case interrupted = 130
}
