import CNcurses
import Screen

/// Draws runs of cells with ncurses; colour pairs are made as they are needed.
struct CursesPainter {
    private struct Colors: Hashable {
        let foreground: Int32
        let background: Int32
    }

    private let palette: Palette
    private var pairs: [Colors: Int32] = [:]
    private var scalars: [UInt32] = []

    init(palette: Palette) {
        self.palette = palette
    }

    /// Draws what lies on a screen of the given size.
    mutating func paint(_ run: FrameDiff.Run, of frame: Frame, on screen: Size) {
        guard run.row < screen.rows else { return }
        var style: Style?
        var emphasis: UInt32 = 0
        var pair: Int32 = 0
        for column in run.columns {
            let cell = frame[run.row, column]
            guard !cell.isContinuation, column + Int(cell.width) <= screen.columns else { continue }
            if style != cell.style {
                let ink = palette.ink(for: cell.style)
                style = cell.style
                emphasis = Self.bits(ink.emphasis)
                pair = self.pair(for: ink)
            }
            scalars.removeAll(keepingCapacity: true)
            scalars.append(contentsOf: cell.character.unicodeScalars.lazy.map(\.value))
            peerlab_put(
                Int32(run.row), Int32(column), scalars, Int32(scalars.count), Int32(cell.width), emphasis, pair)
        }
    }

    private mutating func pair(for ink: Ink) -> Int32 {
        guard ink.foreground != nil || ink.background != nil else { return 0 }
        let colors = Colors(foreground: Int32(ink.foreground ?? -1), background: Int32(ink.background ?? -1))
        if let pair = pairs[colors] { return pair }
        let pair = Int32(pairs.count + 1)
        guard pair < peerlab_pair_limit(), peerlab_define_pair(pair, colors.foreground, colors.background) else {
            return 0
        }
        pairs[colors] = pair
        return pair
    }

    private static func bits(_ emphasis: Emphasis) -> UInt32 {
        var bits = 0
        if emphasis.contains(.bold) { bits |= Int(PEERLAB_BOLD) }
        if emphasis.contains(.dim) { bits |= Int(PEERLAB_DIM) }
        if emphasis.contains(.reverse) { bits |= Int(PEERLAB_REVERSE) }
        if emphasis.contains(.underline) { bits |= Int(PEERLAB_UNDERLINE) }
        return UInt32(bits)
    }
}
