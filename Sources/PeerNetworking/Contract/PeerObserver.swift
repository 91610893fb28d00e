/// Hears what the peers of a process do; the lab's screen and records are made of it.
///
/// Called on the process's executor, in the order in which things happen. It must return soon and must not call back.
public protocol PeerObserver: Sendable {
    /// A peer came to be; the number stands for it in ``note(_:of:)``.
    ///
    /// - Parameters:
    ///   - name: the peer's name, unique within the run.
    ///   - queueCapacity: how many messages its send queue holds, 1 or more.
    func register(_ name: String, queueCapacity: Int) -> PeerNumber

    /// Something happened to a peer.
    func note(_ event: PeerEvent, of peer: PeerNumber)

    /// Something happened to a peer in one of its sessions: the depth of the event is that of all of them together.
    ///
    /// Who does not tell sessions apart need not hear it: it comes as ``note(_:of:)`` then.
    func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession)
}

extension PeerObserver {
    /// Hears it as something that happened to the peer.
    public func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) { note(event, of: peer) }
}

/// The number of a peer within one run, from 0, in order of registration.
public struct PeerNumber: Hashable, Comparable, Sendable {
    /// The number, from 0.
    public var index: Int32

    /// Makes a number of its index.
    public init(_ index: Int32) {
        self.index = index
    }

    /// Orders peers by age.
    public static func < (left: PeerNumber, right: PeerNumber) -> Bool { left.index < right.index }
}

/// Hears nothing.
public struct SilentObserver: PeerObserver {
    /// Makes an observer that hears nothing.
    public init() {}
    /// Gives every peer the number 0.
    public func register(_ name: String, queueCapacity: Int) -> PeerNumber { PeerNumber(0) }
    /// Does nothing.
    public func note(_ event: PeerEvent, of peer: PeerNumber) {}
}
