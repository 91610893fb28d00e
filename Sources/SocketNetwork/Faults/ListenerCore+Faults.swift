internal import NIOCore
internal import PeerNetworking

// A backlog that is full as the kernel means it: it holds as many connections as it may, and SYNs are dropped and come again.

extension ListenerCore {
    /// What is done to it may have changed: who waits to accept looks again, and the backlog is full or has room.
    func lookAgain() {
        accepter.wake()
        guard let channel, !isClosedHere, let faults = life.faults else { return }
        let isFull = faults.isBacklogFull(ofPort: local.port)
        guard isFull != isBacklogFull, let descriptor = Descriptor.of(channel) else { return }
        isBacklogFull = isFull
        // The kernel's queue holds one more than it is told.
        Descriptor.listen(descriptor, backlog: isFull ? 0 : CInt(clamping: life.options.backlog))
        if isFull { fillBacklog() }
    }

    /// Takes the room that the backlog has.
    private func fillBacklog() {
        guard let address = channel?.localAddress else { return }
        let filler = filler ?? BacklogFiller()
        self.filler = filler
        filler.fill(address)
    }

    /// Whether a connection that was accepted is none, but was to fill the backlog: another one takes its room, while there
    /// is to be none.
    func isFiller(_ address: SocketAddress) -> Bool {
        guard let filler, filler.takes(address) else { return false }
        if isBacklogFull { fillBacklog() }
        return true
    }
}
