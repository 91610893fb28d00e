extension [Peer] {
    /// Closes all of them side by side, so that they end within one limit and not one limit after the other.
    ///
    /// - Parameter limit: how long they may take to flush what they hold; without, each one's ``PeerConfig/closeTimeout``.
    /// - Returns: how many messages could not be flushed.
    func close(flushingFor limit: Duration?, with tasks: any TaskProvider) async -> Int {
        // One needs no task of its own.
        if count == 1 { return await self[0].close(flushingFor: limit) }
        let lost = SharedDepth()
        var closing: [any TaskHandle] = []
        for peer in self {
            closing.append(tasks.start("\(peer.name) close") { _ = lost.add(await peer.close(flushingFor: limit)) })
        }
        for task in closing { await task.finished() }
        return Int(lost.current)
    }
}
