import CTrap
import Glibc
import Lab

/// Ctrl-C, or a terminal that has gone, during a run without a screen: the run stops between two events, and what was recorded stays whole.
///
/// Where an event goes on for a second, the process ends in the middle of it.
enum Interruption {
    /// Set by the handler alone.
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    /// Whether the run is to stop.
    static var wanted: Bool {
        if flag == 0 { return false }
        peerlab_watch_heed()
        return true
    }

    /// Runs a body with SIGINT, SIGTERM and SIGHUP asking it to stop.
    ///
    /// - Returns: whether it was asked to.
    static func watching(_ body: () throws -> Void) rethrows -> Bool {
        flag = 0
        let handler: @convention(c) (CInt) -> Void = { number in
            Interruption.flag = 1
            peerlab_watch_ask(number)
        }
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        // What was started by nohup goes on without its terminal.
        let goesOn = unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self) == 1
        _ = peerlab_watch_begin(peerlab_watch(look: nil, give_back: nil, ends_by_signal: false))
        let before = ([SIGINT, SIGTERM] + (goesOn ? [] : [SIGHUP])).map { ($0, signal($0, handler)) }
        defer {
            peerlab_watch_end()
            for (number, handler) in before { signal(number, handler) }
        }
        try body()
        return wanted
    }
}
