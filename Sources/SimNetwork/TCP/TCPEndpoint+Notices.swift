import PeerNetworking

// What the network says of this end's segments (RFC 792, RFC 1191), as Linux takes it.
extension TCPEndpoint {
    /// The other side is said to be unreachable: an attempt to connect fails, a connection remembers it.
    ///
    /// - Returns: what the shell must tell the application.
    mutating func unreachable(_ failure: Failure, at now: Int64) -> Arrival {
        if state == .synSent {
            fail(failure)
            return .failed
        }
        // RFC 1122, 4.2.3.9: a soft error does not end a connection; told instead of a timeout (`sk_err_soft`).
        softFailure = failure
        return []
    }

    /// A segment was larger than a link of the way takes: what is not acknowledged goes again, in smaller ones.
    ///
    /// - Parameter maximumSegmentSize: payload bytes that the way takes.
    mutating func fragmentationNeeded(maximumSegmentSize: Int32) {
        guard isSynchronised, maximumSegmentSize < segmentSize else { return }
        segmentSize = max(maximumSegmentSize, 1)
        sendNext = unacknowledged
        recovering = false
        estimator.forgetSample()
    }
}
