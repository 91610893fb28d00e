extension TCPEndpoint {
    /// The levels as they are now.
    ///
    /// A member, and not made of an endpoint that is given: that would be copied out of its socket.
    @inline(__always)
    var levels: EndLevels {
        var levels = EndLevels()
        levels[.sendQueued] = Int32(truncatingIfNeeded: sendQueued)
        levels[.inFlight] = Int32(truncatingIfNeeded: inFlight)
        levels[.received] = Int32(truncatingIfNeeded: receiveBuffer.count)
        levels[.retransmissions] = Int32(truncatingIfNeeded: retransmissions)
        return levels
    }
}
