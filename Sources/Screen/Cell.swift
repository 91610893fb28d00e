/// What one column of one row shows.
///
/// A wide character fills two cells: its own, and a continuation to the right with the same style.
package struct Cell: Hashable, Sendable {
    /// What is shown; a space in a continuation.
    package let character: Character
    /// How it is meant.
    package let style: Style
    /// The columns the character takes: 1 or 2, and 0 for a continuation.
    package let width: UInt8

    private init(_ character: Character, _ style: Style, width: UInt8) {
        self.character = character
        self.style = style
        self.width = width
    }

    /// Makes the cell of a cluster.
    package init(_ cluster: CellText.Cluster, style: Style) {
        self.init(cluster.character, style, width: UInt8(cluster.width))
    }

    /// Whether this is the second column of the wide character to the left.
    package var isContinuation: Bool { width == 0 }

    /// A space.
    package static func blank(_ style: Style) -> Cell {
        Cell(" ", style, width: 1)
    }

    /// The second column of a wide character.
    package static func continuation(_ style: Style) -> Cell {
        Cell(" ", style, width: 0)
    }
}
