import Glibc

/// Ctrl-C during a run without a screen: the run stops between two events, and what was recorded stays whole.
enum Interruption {
    /// Set by the handler alone.
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    /// Whether the run is to stop.
    static var wanted: Bool { flag != 0 }

    /// Runs a body with SIGINT and SIGTERM asking it to stop.
    ///
    /// - Returns: whether it was asked to.
    static func watching(_ body: () throws -> Void) rethrows -> Bool {
        flag = 0
        let handler: @convention(c) (CInt) -> Void = { _ in Interruption.flag = 1 }
        let before = (signal(SIGINT, handler), signal(SIGTERM, handler))
        defer {
            signal(SIGINT, before.0)
            signal(SIGTERM, before.1)
        }
        try body()
        return wanted
    }
}
