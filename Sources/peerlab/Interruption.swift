import Glibc

/// Ctrl-C, or a terminal that has gone, during a run without a screen: the run stops between two events, and what was recorded stays whole.
enum Interruption {
    /// Set by the handler alone.
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    /// Whether the run is to stop.
    static var wanted: Bool { flag != 0 }

    /// Runs a body with SIGINT, SIGTERM and SIGHUP asking it to stop.
    ///
    /// - Returns: whether it was asked to.
    static func watching(_ body: () throws -> Void) rethrows -> Bool {
        flag = 0
        let handler: @convention(c) (CInt) -> Void = { _ in Interruption.flag = 1 }
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        // What was started by nohup goes on without its terminal.
        let goesOn = unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self) == 1
        let before = ([SIGINT, SIGTERM] + (goesOn ? [] : [SIGHUP])).map { ($0, signal($0, handler)) }
        defer { for (number, handler) in before { signal(number, handler) } }
        try body()
        return wanted
    }
}
