import Screen
import Testing

private let origin = Position(row: 0, column: 0)

@Suite("Boxes, gauges and sparklines")
struct ShapeTests {
    @Test("A box has its title in the upper edge, and the inside is one cell smaller")
    func box() {
        let frame = drawn(3, 20) { canvas in
            let inside = canvas.box(title: "Events", note: "42")
            #expect(inside == Rect(row: 1, column: 1, rows: 1, columns: 18))
        }
        #expect(frame.text == "╭ Events ────── 42 ╮\n│                  │\n╰──────────────────╯")
        #expect(frame.styles.hasPrefix("b.tttttt.bbbbbbdddd" + "b\n"))
    }

    @Test("The focus shows without colour", arguments: [GlyphSet.unicode, .ascii])
    func focusedBox(glyphs: GlyphSet) {
        let plain = drawn(3, 12, glyphs) { $0.box(title: "Next") }
        let focused = drawn(3, 12, glyphs) { $0.box(title: "Next", focused: true) }
        #expect(plain.text != focused.text)
    }

    @Test("A box in ASCII")
    func asciiBox() {
        #expect(
            drawn(3, 12, .ascii) { $0.box(title: "Next", foot: "v 2") }.text
                == "+ Next ----+\n|          |\n+----- v 2 +")
        #expect(drawn(3, 10, .ascii) { $0.box(title: "Next") }.text == "+ Next --+\n|        |\n+--------+")
        let focused = drawn(3, 10, .ascii) { $0.box(title: "Next", focused: true) }
        #expect(focused.text == "# Next ==#\n#        #\n#========#")
    }

    @Test("A long title is cut, and the note gives way")
    func longTitle() {
        #expect(drawn(2, 10) { $0.box(title: "Connections", note: "9") }.text == "╭ Conne… ╮\n╰────────╯")
    }

    @Test(
        "A box too small for a frame draws nothing", arguments: [Size(rows: 1, columns: 9), Size(rows: 9, columns: 1)])
    func tinyBox(size: Size) {
        let frame = drawn(size.rows, size.columns) { #expect($0.box(title: "x").isEmpty) }
        #expect(frame == Frame(size: size))
    }

    @Test(
        "A gauge is empty only at zero and full only at the maximum",
        arguments: [
            (0, "░░░░░░░░░░", ".........."), (1, "▓░░░░░░░░░", "#........."), (32, "▓▓▓▓▓░░░░░", "#####....."),
            (63, "▓▓▓▓▓▓▓▓▓░", "#########."), (64, "▓▓▓▓▓▓▓▓▓▓", "##########"), (99, "▓▓▓▓▓▓▓▓▓▓", "##########"),
            (-1, "░░░░░░░░░░", ".........."),
        ])
    func gauge(value: Int, unicode: String, ascii: String) {
        #expect(drawn(1, 10) { $0.gauge(value, of: 64, at: origin, width: 10) }.text == unicode)
        #expect(drawn(1, 10, .ascii) { $0.gauge(value, of: 64, at: origin, width: 10) }.text == ascii)
    }

    @Test("A gauge of a maximum of zero is full as soon as there is anything")
    func emptyGauge() {
        #expect(drawn(1, 3) { $0.gauge(0, of: 0, at: origin, width: 3) }.text == "░░░")
        #expect(drawn(1, 3) { $0.gauge(1, of: 0, at: origin, width: 3) }.text == "▓▓▓")
        #expect(drawn(1, 3) { $0.gauge(Int.max - 1, of: Int.max, at: origin, width: 3) }.text == "▓▓░")
    }

    @Test("The high-water mark stands in the empty part")
    func mark() {
        #expect(drawn(1, 10) { $0.gauge(20, of: 100, mark: 70, at: origin, width: 10) }.text == "▓▓░░░░▏░░░")
        #expect(drawn(1, 10) { $0.gauge(20, of: 100, mark: 15, at: origin, width: 10) }.text == "▓▓░░░░░░░░")
    }

    @Test("A sparkline shows the newest values at the right, and the lowest height only for zero")
    func sparkline() {
        let values = [9, 0, 1, 4, 8]
        #expect(drawn(1, 6) { $0.sparkline(values, maximum: 8, at: origin, width: 6) }.text == " █▁▂▄█")
        #expect(drawn(1, 3) { $0.sparkline(values, maximum: 8, at: origin, width: 3) }.text == "▂▄█")
        #expect(drawn(1, 4, .ascii) { $0.sparkline(values, maximum: 8, at: origin, width: 4) }.text == "_.-#")
        #expect(drawn(1, 3) { $0.sparkline([0, 0], at: origin, width: 3) }.text == " ▁▁")
        #expect(drawn(1, 3) { $0.sparkline([], at: origin, width: 3) }.text == "")
    }

    @Test("Rules")
    func rules() {
        let frame = drawn(2, 4) { canvas in
            canvas.hline(at: origin, length: 9)
            canvas.vline(at: Position(row: 1, column: 3), length: 9)
        }
        #expect(frame.text == "────\n   │")
    }

    @Test("Every glyph is one column wide, the bolt two", arguments: [GlyphSet.unicode, .ascii])
    func widths(glyphs: GlyphSet) {
        let single: [Character] =
            [
                glyphs.filledBullet, glyphs.hollowBullet, glyphs.cross, glyphs.rightArrow, glyphs.leftArrow,
                glyphs.upArrow, glyphs.downArrow, glyphs.becomes, glyphs.bothWays, glyphs.link, glyphs.slowLink,
                glyphs.lane, glyphs.rule, glyphs.gaugeFull, glyphs.gaugeEmpty, glyphs.gaugeMark, glyphs.ellipsis,
                glyphs.replacement, glyphs.paused, glyphs.dot,
            ] + glyphs.sparks
        for glyph in single {
            #expect(DisplayWidth.of(String(glyph)) == 1)
            #expect(!glyphs.isASCII || glyph.isASCII)
        }
        #expect(DisplayWidth.of(glyphs.bolt) == 2)
        #expect(glyphs.sparks.count == 8)
    }
}
