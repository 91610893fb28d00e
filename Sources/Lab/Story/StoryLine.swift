public import PeerNetworking
public import SimNetwork

/// A line of a lab's story: what the screen says once something has happened.
public struct StoryLine: Hashable, Sendable {
    /// When a line is said.
    public enum Moment: Hashable, Sendable {
        /// Before the first event: `start`.
        case start
        /// At a time: `5s`.
        case time(Int64)
        /// When a host loses power: `server loses power`.
        case losesPower(HostID)
        /// When a host gets power: `server gets power`.
        case getsPower(HostID)
        /// When a link is cut: `client-server is cut`.
        case cut(LinkID)
        /// When a link is healed: `client-server is healed`.
        case healed(LinkID)
        /// When a peer enters a state: `ping is reconnecting`.
        case state(peer: String, PeerState)
        /// When a peer's application first waits for room in its queue: `flood is blocked`.
        case blocked(peer: String)
        /// When a workload ends: `bulk finishes`.
        case finishes(peer: String)
        /// When the run is over: `end`.
        case end
    }

    /// When it is said.
    public var when: Moment
    /// What is said.
    public var text: String

    /// Makes a line.
    public init(when: Moment, text: String) {
        self.when = when
        self.text = text
    }
}
