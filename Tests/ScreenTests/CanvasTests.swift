import Screen
import Testing

/// Draws on a canvas and returns the frame.
func drawn(
    _ rows: Int, _ columns: Int, _ glyphs: GlyphSet = .unicode, _ draw: (inout Canvas) -> Void
) -> Frame {
    var canvas = Canvas(
        size: Size(rows: rows, columns: columns), capabilities: Capabilities(tier: .none, glyphs: glyphs))
    draw(&canvas)
    return canvas.frame
}

private let origin = Position(row: 0, column: 0)

@Suite("Drawing text")
struct CanvasTextTests {
    @Test(
        "A text that is too long ends in an ellipsis",
        arguments: [(GlyphSet.unicode, "establi…"), (.ascii, "establi~")])
    func truncates(glyphs: GlyphSet, expected: String) {
        let frame = drawn(1, 8, glyphs) { $0.put("established", at: origin) }
        #expect(frame.text == expected)
    }

    @Test("A text that just fits is whole")
    func fits() {
        #expect(drawn(1, 11) { $0.put("established", at: origin) }.text == "established")
    }

    @Test("A wide character is not cut in half by the ellipsis")
    func truncatesWide() {
        let frame = drawn(1, 4) { $0.put("網絡網", at: origin) }
        #expect(frame.text == "網…")
        #expect(frame[0, 3].character == " ")
    }

    @Test("A width pads in the style, and aligns")
    func pads() {
        let frame = drawn(3, 8) { canvas in
            canvas.put("abc", at: origin, .selection, width: 7)
            canvas.put("abc", at: Position(row: 1, column: 0), .selection, width: 7, alignment: .trailing)
            canvas.put("abc", at: Position(row: 2, column: 0), .selection, width: 6, alignment: .centre)
        }
        #expect(frame.text == "abc\n    abc\n abc")
        #expect(frame.styles == "sssssss.\nsssssss.\nssssss..")
    }

    @Test("Spans keep their styles, and are cut as one text")
    func spans() {
        let frame = drawn(1, 10) { $0.put([Span("c1 ", .key), Span("CLOSE_WAIT", .warning.bold)], at: origin) }
        #expect(frame.text == "c1 CLOSE_…")
        #expect(frame.styles == "kkkWWWWWWW")
    }

    @Test("Drawing stays in the area, also where it begins to the left of it or above")
    func clips() {
        let frame = drawn(3, 8) { canvas in
            canvas.within(Rect(row: 1, column: 2, rows: 1, columns: 4)) { inner in
                inner.put("abcdefgh", at: Position(row: 0, column: -2), width: 10)
                inner.put("above", at: Position(row: -1, column: 0))
                inner.fill(Rect(row: 1, column: -5, rows: 9, columns: 99), with: "#")
            }
        }
        #expect(frame.text == "\n  cdef\n")
    }

    @Test("An area within an area is clipped to both")
    func nests() {
        let frame = drawn(2, 6) { canvas in
            canvas.within(Rect(row: 0, column: 1, rows: 1, columns: 3)) { outer in
                outer.within(Rect(row: 0, column: 2, rows: 2, columns: 4)) { inner in
                    inner.fill(inner.bounds, with: "#")
                }
            }
        }
        #expect(frame.text == "   #\n")
    }

    @Test("Half of a wide character at the edge of an area is a blank")
    func halves() {
        let frame = drawn(1, 6) { canvas in
            canvas.fill(canvas.bounds, with: ".")
            canvas.within(Rect(row: 0, column: 1, rows: 1, columns: 3)) { inner in
                inner.put("網絡", at: Position(row: 0, column: -1), width: 6)
            }
        }
        #expect(frame.text == ". 絡..")
    }

    @Test("Writing over half of a wide character blanks the other half")
    func separates() {
        let frame = drawn(2, 5) { canvas in
            canvas.put("網絡", at: origin)
            canvas.put("x", at: Position(row: 0, column: 1))
            canvas.put("網絡", at: Position(row: 1, column: 0))
            canvas.put("囗", at: Position(row: 1, column: 1))
        }
        #expect(frame.text == " x絡\n 囗")
        #expect(!frame[1, 3].isContinuation)
    }

    @Test("A paragraph breaks at spaces and says when it goes on")
    func paragraphs() {
        let text = "The client still says ESTABLISHED. Why?"
        let whole = drawn(4, 14) { #expect($0.put(paragraph: text, in: $0.bounds) == 4) }
        #expect(whole.text == "The client\nstill says\nESTABLISHED.\nWhy?")
        let cut = drawn(2, 14) { #expect($0.put(paragraph: text, in: $0.bounds) == 2) }
        #expect(cut.text == "The client\nstill says…")
    }

    @Test("Restyling leaves the text")
    func restyles() {
        let frame = drawn(1, 6) { canvas in
            canvas.put("a網b", at: origin, .good)
            canvas.restyle(Rect(row: 0, column: 0, rows: 1, columns: 4)) { $0.reversed }
        }
        #expect(frame.text == "a網b")
        #expect(frame.styles == "GGGG..")
    }
}
