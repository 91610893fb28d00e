extension [Peer] {
    /// Closes all of them within one limit: none admits messages any more, and what each holds is flushed meanwhile.
    ///
    /// - Parameter limit: how long they may take to flush what they hold; without, each one's ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages could not be flushed.
    func close(flushingFor limit: Duration?) async -> Int {
        var closing: [(peer: Peer, deadline: Instant)] = []
        for peer in self where await peer.beginClosing() {
            let limit = limit ?? peer.config.closeTimeout
            closing.append((peer, peer.providers.time.now.advanced(by: limit)))
        }
        var lost = 0
        for (peer, deadline) in closing { lost += await peer.endClosing(by: deadline) }
        // Those that somebody else closes are awaited.
        for peer in self { await peer.close(flushingFor: limit) }
        return lost
    }
}
