import PeerNetworking

// What the network says of this end's segments (RFC 792, RFC 1191).
extension TCPEndpoint {
    mutating func unreachable(_ failure: Failure, at now: Int64) -> Arrival {
        guard state == .synSent else { return [] }
        fail(failure)
        return .failed
    }

    mutating func fragmentationNeeded(maximumSegmentSize: Int32) {}
}
