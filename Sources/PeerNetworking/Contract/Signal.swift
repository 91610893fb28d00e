/// A condition that tasks wait for and others announce, made by a ``TaskProvider``.
///
/// It carries nothing: whoever wakes looks again at what it waited for. A wait ends with an error when its task is
/// cancelled, which a plain continuation would not.
public protocol Signal: AnyObject, Sendable {
    /// Waits until ``notify()`` is called the next time.
    ///
    /// - Throws: `cancelled`.
    func wait() async throws(NetworkError)

    /// Waits until ``notify()`` is called the next time or the clock of the process's host reads `deadline`; returns at
    /// once when it already does.
    ///
    /// It may return before either, as when the clock is set: whoever waits looks at the time again.
    ///
    /// - Parameters:
    ///   - deadline: when to wait no longer.
    ///   - purpose: what the time is for, in a few words; shown among what comes next.
    /// - Throws: `cancelled`.
    func wait(until deadline: Instant, for purpose: String) async throws(NetworkError)

    /// Wakes all that wait now.
    func notify()
}
