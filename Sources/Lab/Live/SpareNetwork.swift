import LinuxNetwork
import NIOConcurrencyHelpers
import NIOPosix

/// A network of a host that is made while nobody waits for it.
final class SpareNetwork: Sendable {
    private let outcome = NIOLockedValueBox<Result<HostNamespace, MachineFailure>?>(nil)
    private let isMade = ConditionLock(value: false)

    /// Begins to make it.
    init(_ make: @escaping @Sendable () throws(MachineFailure) -> HostNamespace) {
        NIOThreadPool.singleton.submit { [outcome, isMade] _ in
            let made = Result { () throws(MachineFailure) in try make() }
            outcome.withLockedValue { $0 = made }
            isMade.lock()
            isMade.unlock(withValue: true)
        }
    }

    /// Gives it away, once: waits until it is made.
    ///
    /// - Throws: ``MachineFailure`` where this machine does not make it.
    func taken() throws(MachineFailure) -> HostNamespace {
        isMade.lock(whenValue: true)
        isMade.unlock()
        guard let outcome = outcome.withLockedValue({ $0 }) else { throw MachineFailure("it was not made") }
        return try outcome.get()
    }
}
