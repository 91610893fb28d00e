import Lab
import PeerNetworking
import Screen
import SimNetwork

/// Everything about a thing, line by line; what is said of an event is a ``Page``.
struct Inspection {
    let scene: Scene
    /// The columns of a line, at most: what is longer goes on in the next.
    let columns: Int
    var snapshot: Snapshot { scene.snapshot }
    var world: WorldState { scene.snapshot.world }
    var names: Names { scene.names }

    func title(of item: Item) -> String {
        switch item {
        case .host(let host): "Host \(names.name(host))"
        case .process(let process): "Process \(names.name(process))"
        case .link(let link): "Link \(names.name(link))"
        case .connection(let connection): "Connection \(connection)"
        case .peer(let peer): "Peer \(names.name(peer))"
        case .event(let event): "Event \(ThingNames.event(event))"
        case .upcoming: "Pending event"
        case .site(let site): "Draws of \(site)"
        case .family(let family): "Fault \(family)"
        case .expectation: "Expectation"
        case .violation: "Invariant"
        case .storyLine: "Story"
        }
    }

    func lines(of item: Item) -> [[Span]] {
        switch item {
        case .host(let host): lines(of: host)
        case .process(let process): lines(of: process)
        case .link(let link): lines(of: link)
        case .connection(let connection): lines(of: connection)
        case .peer(let peer): lines(of: peer)
        case .event, .upcoming, .expectation, .violation: []
        case .site(let site): lines(of: site)
        case .family(let family): lines(of: family)
        case .storyLine(let index): lines(ofStoryLine: index)
        }
    }

    /// A name and a value.
    func field(_ name: String, _ value: String, _ style: Style = .normal) -> [Span] {
        [
            Span(name + String(repeating: " ", count: max(1, TextLine.fieldColumn - name.count)), .dim),
            Span(value, style),
        ]
    }
}
