import OrderedCollections
import Synchronization

/// All connections that peers have, and word of each that comes and goes. Hand one down with the ``Providers`` to have it
/// kept; without, nothing is.
public final class ConnectionRegistry: Sendable {
    /// A connection between two peers that have shaken hands.
    public struct Entry: Hashable, Sendable {
        /// Its number in this registry, from 1, in the order in which they came.
        public var number: UInt64
        /// The peer that has it here.
        public var peer: String
        /// The name that the other side gave.
        public var remoteName: String
        /// The endpoint on this side.
        public var local: Endpoint
        /// The endpoint on the other side.
        public var remote: Endpoint
        /// The connection's number in its run.
        public var connection: ConnectionID
        /// Whether the other side opened it.
        public var isAccepted: Bool
        /// What it is for.
        public var purpose: Frame.Purpose
        /// Since when it is there.
        public var since: Instant
    }

    /// What a registry tells.
    public enum Notification: Hashable, Sendable {
        /// A connection is there.
        case opened(Entry)
        /// One is gone; the error says why, nil where it was closed here.
        case closed(Entry, NetworkError?)
    }

    /// Ends an entry, once.
    final class Registration: Sendable {
        private let registry: ConnectionRegistry
        private let number: UInt64

        init(_ registry: ConnectionRegistry, _ number: UInt64) {
            self.registry = registry
            self.number = number
        }

        func end(_ error: NetworkError?) { registry.remove(number, error) }
    }

    private struct State {
        /// By their numbers, oldest first.
        var entries: OrderedDictionary<UInt64, Entry> = [:]
        var made: UInt64 = 0
        var listeners: [(number: Int, continuation: AsyncStream<Notification>.Continuation)] = []
        var listenersMade = 0
    }

    private let state = Mutex(State())

    /// Makes an empty registry.
    public init() {}

    /// The connections that there are, oldest first.
    public var connections: [Entry] { state.withLock { $0.entries.values.elements } }

    /// What happens from now on; the newest 1,024 notifications are kept for a reader that is slow. Each call gives a
    /// sequence of its own.
    public func notifications() -> AsyncStream<Notification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Notification.self, bufferingPolicy: .bufferingNewest(1_024))
        let number = state.withLock { state in
            state.listenersMade += 1
            state.listeners.append((state.listenersMade, continuation))
            return state.listenersMade
        }
        continuation.onTermination = { [weak self] _ in self?.forget(listener: number) }
        return stream
    }

    private func forget(listener number: Int) {
        state.withLock { $0.listeners.removeAll { $0.number == number } }
    }

    func add(
        _ stream: any ByteStream, of peer: String, remoteName: String, isAccepted: Bool, purpose: Frame.Purpose,
        at now: Instant
    ) -> Registration {
        let number = state.withLock { state in
            state.made += 1
            let entry = Entry(
                number: state.made, peer: peer, remoteName: remoteName, local: stream.local, remote: stream.remote,
                connection: stream.connection, isAccepted: isAccepted, purpose: purpose, since: now)
            state.entries[state.made] = entry
            for listener in state.listeners { listener.continuation.yield(.opened(entry)) }
            return state.made
        }
        return Registration(self, number)
    }

    private func remove(_ number: UInt64, _ error: NetworkError?) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: number) else { return }
            for listener in state.listeners { listener.continuation.yield(.closed(entry, error)) }
        }
    }
}
