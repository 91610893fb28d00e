/// A condition that tasks wait for and others announce, made by a ``TaskProvider``.
///
/// It carries nothing: whoever wakes looks again at what it waited for. A wait ends with an error when its task is
/// cancelled, which a plain continuation would not.
public protocol Signal: AnyObject, Sendable {
    /// Waits until ``notify()`` is called the next time.
    ///
    /// - Throws: `cancelled`.
    func wait() async throws(NetworkError)

    /// Wakes all that wait now.
    func notify()
}
