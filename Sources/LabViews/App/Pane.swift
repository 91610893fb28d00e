/// A part of the screen that shows one aspect of the run.
package enum Pane: String, Hashable, Sendable, CaseIterable {
    /// Hosts, processes and links.
    case topology
    /// Both ends of every connection, and the peers without one.
    case connections
    /// The past.
    case events
    /// What is pending.
    case next
    /// Buggify sites and fault families.
    case buggify
    /// What the lab's author says.
    case story
    /// What the lab expects, and how it stands.
    case expect

    /// The heading.
    package var title: String {
        switch self {
        case .topology: "Topology"
        case .connections: "Connections"
        case .events: "Events"
        case .next: "Next"
        case .buggify: "Buggify"
        case .story: "Story"
        case .expect: "Expect"
        }
    }

    /// The digit that focuses it, from 1.
    package var digit: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// The pane some places further on, in a circle.
    func advanced(by places: Int) -> Pane {
        let all = Self.allCases
        return all[((digit - 1 + places) % all.count + all.count) % all.count]
    }
}
