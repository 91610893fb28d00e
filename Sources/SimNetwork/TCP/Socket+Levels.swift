extension Socket {
    /// The levels of its end as they are now.
    ///
    /// Read here, and not by a member of the endpoint: that would be copied for it.
    @inline(__always)
    var levels: EndLevels {
        var levels = EndLevels()
        levels[.sendQueued] = Int32(truncatingIfNeeded: tcp.sendQueued)
        levels[.inFlight] = Int32(truncatingIfNeeded: tcp.inFlight)
        levels[.received] = Int32(truncatingIfNeeded: tcp.receiveBuffer.count)
        levels[.retransmissions] = Int32(truncatingIfNeeded: tcp.retransmissions)
        return levels
    }
}
