/// Ends a command with a message on standard error and an exit code.
struct Failure: Error {
    var status: ExitStatus
    var message: String
}
