package import PeerNetworking
package import SimNetwork

/// A thing on the screen that can be selected, inspected and acted upon.
package enum Item: Hashable, Sendable {
    case host(HostID)
    case process(ProcessID)
    case link(LinkID)
    case connection(ConnectionID)
    case peer(PeerNumber)
    /// An event of the past, by its number.
    case event(Int)
    case upcoming(UpcomingEvent)
    /// A place where draws are made.
    case site(DrawSite)
    /// A family of faults.
    case family(FaultFamily)
    /// An expectation of the lab, by its place.
    case expectation(Int)
    /// The invariant that did not hold.
    case violation
    /// A line of the story, by its place.
    case storyLine(Int)
}
