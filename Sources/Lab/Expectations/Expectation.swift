public import PeerNetworking

/// Something that must hold of a run, as a line of the lab's `expect:` list says it.
public struct Expectation: Hashable, Sendable {
    /// What must hold.
    public enum Claim: Hashable, Sendable {
        /// At a time the peer is in a state: `ping is connected by 15s`. Without a time: at the end.
        case state(peer: String, PeerState, by: Int64?)
        /// The peer reaches a count, by a time or by the end: `ping has sent 10 messages by 5s`.
        case reached(peer: String, Counter, atLeast: Int64, by: Int64?)
        /// The peer's count never passes a bound: `ping reconnects at most 1 time`.
        case bounded(peer: String, Counter, atMost: Int64)
        /// The peer's queue reaches a depth at some time: `flood queue reaches 64 by 5s`.
        case queueReaches(peer: String, depth: Int64, by: Int64?)
        /// The peer's application waits for room in the queue at that time: `flood is blocked by 5s`.
        case blocked(peer: String, by: Int64?)
        /// The workload ends and finds all it checked right: `bulk finishes by 8s`.
        case finishes(peer: String, by: Int64?)
        /// At that time the workload's progress is a number: `node-1 counts 2 by 5s`. Without a time: at the end.
        case counts(peer: String, Int64, by: Int64?)
        /// At that time a connection is half-open: `a connection is half-open by 6s`.
        case halfOpen(by: Int64?)
        /// A while after all faults were healed every peer that connects is connected, or has ended and found all right:
        /// `every peer recovers`. The while is the longest that a peer may need: its longest backoff, its connect timeout
        /// and twice its heartbeat timeout.
        case recovers(by: Int64)
        /// No peer gets a message twice: `no message is delivered twice`.
        case noDuplicates
        /// No message is dropped: `no message is dropped`.
        case noDrops
    }

    /// What can be counted of a peer.
    public enum Counter: String, Hashable, Sendable, CaseIterable {
        /// Messages handed to a connection.
        case sent
        /// Messages that reached its application.
        case received
        /// Messages put back after a connection was lost.
        case requeued
        /// Connections after the first.
        case reconnects
    }

    /// The line as the file has it.
    public var text: String
    /// What it claims.
    public var claim: Claim

    /// Makes an expectation.
    public init(text: String, claim: Claim) {
        self.text = text
        self.claim = claim
    }
}
