import PeerNetworking
import TCP

/// A port that a process listens on.
final class ListeningSocket {
    let host: Host
    let port: UInt16
    let life: ProcessLife
    /// What `listen` was told: the host's option of then.
    let backlog: Int
    /// Connections whose handshake is complete, oldest first: the accept queue.
    @exclusivity(unchecked) var completed: [Socket] = []
    /// Handshakes under way of which something is kept: the SYN queue.
    @exclusivity(unchecked) var handshakes = 0
    @exclusivity(unchecked) var isClosed = false
    let accepting = WaitSlot()

    /// Whether the accept queue takes no more: Linux's holds one more than `listen` was told (`sk_acceptq_is_full`).
    var isFull: Bool { completed.count > backlog }

    /// Whether the SYN queue takes no more: Linux's holds one more than `listen` was told, too (`inet_csk_reqsk_queue_is_full`).
    var hasNoRoomForHandshakes: Bool { handshakes > backlog }

    init(host: Host, port: UInt16, life: ProcessLife) {
        self.host = host
        self.port = port
        self.life = life
        backlog = Int(host.tcp.backlog)
    }
}
