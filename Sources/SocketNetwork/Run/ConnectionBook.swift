internal import NIOConcurrencyHelpers
package import NIOCore
package import PeerNetworking

/// The numbers of a run's connections: who has asked whom, under which addresses. For any thread: a wire asks too.
package final class ConnectionBook: Sendable {
    /// The two real addresses of a connection: its name in the kernel.
    package struct Pair: Hashable, Sendable {
        package let client: SocketAddress
        package let server: SocketAddress

        package init(client: SocketAddress, server: SocketAddress) { (self.client, self.server) = (client, server) }
    }

    /// A connection that was asked for.
    package struct Entry: Sendable {
        package let connection: ConnectionID
        /// The number of the process that has asked, as the run's owner gave it; nil for one that is not of the run.
        package let process: Int?
    }

    private struct State {
        var last: UInt32 = 0
        /// Connections that no listener has accepted yet.
        var unaccepted: [Pair: Entry] = [:]
        /// Real ports that listeners of this run are bound to, and how many listeners each.
        var listeningPorts: [Int: Int] = [:]

        mutating func next() -> ConnectionID {
            last += 1
            return ConnectionID(last)
        }
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// The next number.
    func next() -> ConnectionID { state.withLockedValue { $0.next() } }

    /// A connection attempt leaves, or has left; the listener may accept it before the attempt is told of it.
    func left(_ pair: Pair, as connection: ConnectionID, by process: Int?) {
        state.withLockedValue { $0.unaccepted[pair] = Entry(connection: connection, process: process) }
    }

    /// The connection that was asked for under two addresses; one that nobody of the run has asked for gets its number now.
    ///
    /// - Parameter past: the one that had them before, and is over.
    package func entry(of pair: Pair, after past: ConnectionID?) -> Entry {
        state.withLockedValue { state in
            if let known = state.unaccepted[pair], known.connection != past { return known }
            let entry = Entry(connection: state.next(), process: nil)
            state.unaccepted[pair] = entry
            return entry
        }
    }

    /// The connecting end is gone. Where a listener here may still take the connection from its backlog, its number
    /// stays.
    package func forget(_ pair: Pair) {
        state.withLockedValue { if $0.listeningPorts[pair.server.port ?? 0] == nil { $0.unaccepted[pair] = nil } }
    }

    /// The number of an accepted connection: that of its other end where that is here too, else a new one.
    func accepted(_ pair: Pair) -> ConnectionID {
        state.withLockedValue { $0.unaccepted.removeValue(forKey: pair)?.connection ?? $0.next() }
    }

    func listens(onRealPort port: Int) { state.withLockedValue { $0.listeningPorts[port, default: 0] += 1 } }

    func stopped(onRealPort port: Int) {
        state.withLockedValue { state in
            guard let count = state.listeningPorts[port] else { return }
            state.listeningPorts[port] = count > 1 ? count - 1 : nil
            if count == 1 { state.unaccepted = state.unaccepted.filter { $0.key.server.port != port } }
        }
    }
}
