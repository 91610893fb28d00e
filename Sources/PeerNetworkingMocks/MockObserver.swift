public import PeerNetworking
import Synchronization

/// Keeps what it hears.
public final class MockObserver: PeerObserver {
    private let heard = Mutex<(names: [String], events: [(peer: PeerNumber, event: PeerEvent)])>(([], []))

    /// Makes an observer that has heard nothing.
    public init() {}

    /// What all peers did, oldest first.
    public var events: [PeerEvent] { heard.withLock { $0.events.map(\.event) } }

    /// What one peer did, oldest first.
    ///
    /// - Parameter name: the name it registered with.
    public func events(of name: String) -> [PeerEvent] {
        heard.withLock { heard in
            heard.events.filter { heard.names[Int($0.peer.index)] == name }.map(\.event)
        }
    }

    /// The names that registered, in the order in which they came, each as often as it did.
    public var names: [String] { heard.withLock { $0.names } }

    /// The states that one peer went to, oldest first.
    public func states(of name: String) -> [PeerState] {
        events(of: name).compactMap { if case .state(let state, _) = $0 { state } else { nil } }
    }

    /// Numbers peers in the order in which they come.
    public func register(_ name: String, queueCapacity: Int) -> PeerNumber {
        heard.withLock { heard in
            heard.names.append(name)
            return PeerNumber(Int32(heard.names.count - 1))
        }
    }

    /// Keeps the event.
    public func note(_ event: PeerEvent, of peer: PeerNumber) {
        heard.withLock { $0.events.append((peer, event)) }
    }
}
