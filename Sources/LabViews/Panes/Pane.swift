/// A pane, by its type: what the focus, the layout, the selection, the help and the mouse know of one.
package struct Pane: Hashable, Sendable, CaseIterable {
    /// All panes, in the order of their digits and of Tab.
    package static let allCases = [
        topology, connections, events, next, buggify, story, expect, graph,
    ]

    let view: any PaneView.Type

    init(_ view: any PaneView.Type) { self.view = view }

    /// The name on the command line.
    package var name: String { view.name }
    /// The heading.
    package var title: String { view.title }
    /// Where it stands on the screen.
    var place: PanePlace { view.place }
    /// The digit that focuses it, from 1; beyond 9 there is no key for it.
    package var digit: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// The pane some places further on, in a circle.
    func advanced(by places: Int) -> Pane {
        let all = Self.allCases
        return all[((digit - 1 + places) % all.count + all.count) % all.count]
    }

    /// The pane of a name.
    static func named(_ name: String) -> Pane? { allCases.first { $0.name == name } }

    /// Two panes of one name are one.
    package static func == (left: Pane, right: Pane) -> Bool { left.name == right.name }

    /// Its name stands for it.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
