import Screen

/// Where a pane stands on the screen, as data: the layout knows no pane by its name.
struct PanePlace {
    /// A band of the layout of wide screens, in which panes stand side by side.
    enum Band: CaseIterable {
        /// What there is.
        case upper
        /// What happens.
        case middle
        /// What is said of it.
        case lower
    }

    /// Its band on screens of at least 80 columns.
    var band: Band
    /// Its columns there.
    var columns: Length
    /// The rows and columns between header and status line below which it is left out there.
    var least = Size(rows: 0, columns: 0)
    /// Its rows where panes stand one below the other, on narrower screens; nil where it never stands there by itself.
    var stacked: Length?
    /// The rows between header and status line below which it is left out of those.
    var leastStacked = 0
    /// Its share of each half's rows where two runs are compared; nil where it is not shown then.
    var compared: Length?
    /// Whether a pane that there is no room for takes its place while that has the focus.
    var givesWay = false
}
