package import Lab
package import Screen

/// What the screen is showing and how, apart from the run itself.
package struct ViewState: Hashable, Sendable {
    /// Whether the run goes on by itself.
    package var isRunning = false
    /// How fast it does.
    package var speed = Speed.normal
    /// The pane that keys go to.
    package var focus = Pane.events
    /// Whether that pane has the whole screen.
    package var isZoomed = false
    /// What is selected in each pane; without, the first item, and the newest event.
    package var selected: [Pane: Item] = [:]
    /// Which events are shown; nil for all.
    package var filter: EventFilter?
    /// What the graph shows.
    package var graph = GraphChoice()
    /// Where the run is to stop.
    package var breakpoints = Breakpoints()
    /// What lies over the panes.
    package var overlay: Overlay?
    /// The line being typed.
    package var prompt: Prompt?
    /// What the status line says about the last key or command.
    package var notice: Notice?
    /// How far a long move has come.
    package var progress: Progress?
    /// Whether the mouse is listened to.
    package var usesMouse = true
    /// What was done to the first session and could not be done to the second, in order.
    package var refusals: [Refusal] = []
    /// The timeline that this one is looked at beside, and gone to and fro with; nil where none was chosen.
    package var partner: TimelineID?
    /// The timeline for which a name is asked.
    package var naming: TimelineID?
    /// The timeline that is forgotten where the key that does so comes once more.
    package var forgetting: TimelineID?
    /// How the two differ, while they are shown side by side.
    package var comparison: TimelineComparison?
    /// The life-cycle transitions of both sessions, where there are two.
    package var lifeCycle: LifeCycleComparison?

    /// Makes the state that a session opens with.
    package init() {}
}

/// Something that lies over the panes.
package enum Overlay: Hashable, Sendable {
    /// All keys and commands, from a line on.
    case help(scroll: Int)
    /// All about a thing, from a line on.
    case inspector(Item, scroll: Int)
    /// A text whose lines lead to events.
    case page(Page)
    /// The warnings of the lab's file, from a line on.
    case warnings(scroll: Int)
    /// What can be done with a thing.
    case menu(Menu)
    /// The tree of timelines, and which of them is selected.
    case timelines(TimelineID)
    /// A text with a heading, from a line on.
    case text(String, [String], scroll: Int)
}

/// A choice of command lines.
package struct Menu: Hashable, Sendable {
    /// What is chosen.
    package var title: String
    /// The command lines.
    package var lines: [String]
    /// What is left out of them, and why; empty for nothing.
    package var note = ""
    /// The event behind which they are done; nil for the cursor.
    package var place: Int?
    /// The one that Enter takes.
    package var selected = 0

    /// Chooses another line, as far as there are any.
    mutating func move(by count: Int) { selected = min(max(0, selected + count), max(0, lines.count - 1)) }
}

/// A line being typed, and what for.
package struct Prompt: Hashable, Sendable {
    /// What the line is for.
    package enum Purpose: String, Hashable, Sendable {
        /// A command with its operands.
        case command = ":"
        /// A text to filter events by.
        case filter = "/"
        /// A place in the run.
        case goto = "go to: "
        /// Where to stop.
        case until = "until: "
        /// Where to stop from now on.
        case breakpoint = "break when: "
        /// A file to write to.
        case write = "write to: "
        /// What a timeline is called from now on.
        case name = "name: "
    }

    /// What the line is for.
    package var purpose: Purpose
    /// The line.
    package var editor: LineEditor
    /// What an empty line stands for; empty where it stands for nothing.
    package var hint = ""
}

/// Something that was done to a run, and could not be done to the one beside it.
package struct Refusal: Hashable, Sendable {
    /// What was done.
    package var intervention: Intervention
    /// Its command line.
    package var line: String
}

/// What the status line says about the last key or command.
package struct Notice: Hashable, Sendable {
    /// The sentence.
    package var text: String
    /// Whether it says why something was not done.
    package var isError: Bool
}

/// How far a long move has come.
package struct Progress: Hashable, Sendable {
    /// What is being done.
    package var text: String
    /// Thousandths done; nil where the end is not known.
    package var thousandths: Int?
}
