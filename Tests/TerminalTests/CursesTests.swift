import CNcurses
import Screen
import Terminal
import Testing

/// The screen library keeps its state in global variables: one test at a time.
@Suite("The terminal", .serialized)
enum TerminalSuite {}

extension TerminalSuite {
    @Suite("Drawing")
    struct DrawingTests {
        private func frame(_ capabilities: Capabilities, size: Size = Size(rows: 6, columns: 30)) -> Frame {
            var canvas = Canvas(size: size, capabilities: capabilities)
            let inside = canvas.box(title: "Connections", focused: true)
            canvas.within(inside) { canvas in
                canvas.put("c1 ESTABLISHED 網絡 e\u{301}", at: Position(row: 0, column: 0), .good)
                canvas.put("\(canvas.glyphs.bolt) fault", at: Position(row: 1, column: 0), .fault.underlined)
                canvas.gauge(52, of: 64, at: Position(row: 2, column: 0), width: 10, .warning)
                canvas.put("row", at: Position(row: 3, column: 0), .selection, width: 12)
                canvas.put("🚀", at: Position(row: 3, column: 26), .accent4.reversed)
            }
            return canvas.frame
        }

        /// Every cell that the screen library holds is the frame's cell in the palette's ink.
        private func expectHeld(_ frame: Frame, _ capabilities: Capabilities) {
            let palette = Palette(for: capabilities)
            for row in 0..<frame.size.rows {
                for column in 0..<frame.size.columns where !frame[row, column].isContinuation {
                    let cell = frame[row, column]
                    let ink = palette.ink(for: cell.style)
                    let held = HeldCell(row: row, column: column)
                    #expect(held?.text == String(cell.character), "row \(row), column \(column)")
                    #expect(held?.foreground == Int32(ink.foreground ?? -1), "row \(row), column \(column)")
                    #expect(held?.background == Int32(ink.background ?? -1), "row \(row), column \(column)")
                    #expect(held?.emphasis == UInt32(ink.emphasis.rawValue), "row \(row), column \(column)")
                }
            }
        }

        @Test(
            "The library's cells are the frame's",
            arguments: [
                ("xterm-256color", nil, ColourTier.twoHundredFiftySix), ("xterm", nil, .sixteen),
                ("xterm-256color", "1", .none), ("vt100", nil, .none), ("linux", "", .sixteen),
            ] as [(String, String?, ColourTier)])
        func cells(term: String, noColor: String?, tier: ColourTier) throws {
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open(term: term, noColor: noColor)
            defer { terminal.close() }
            #expect(terminal.capabilities == Capabilities(tier: tier, glyphs: .unicode, background: .dark))
            #expect(terminal.size == Size(rows: 6, columns: 30))
            device.output()
            let frame = frame(terminal.capabilities)
            terminal.show(frame)
            expectHeld(frame, terminal.capabilities)
            #expect(device.output().contains("網絡"))
        }

        @Test("Only ASCII is drawn where the locale or the user asks for it", arguments: ["C", "C.UTF-8"])
        func ascii(locale: String) throws {
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open(locale: locale, options: TerminalOptions(forceASCII: locale != "C"))
            defer { terminal.close() }
            #expect(terminal.capabilities.glyphs == .ascii)
            let frame = frame(terminal.capabilities)
            terminal.show(frame)
            expectHeld(frame, terminal.capabilities)
            #expect(device.output().unicodeScalars.allSatisfy { $0.isASCII })
        }

        @Test("Only what changed is sent")
        func differences() throws {
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open()
            defer { terminal.close() }
            let first = frame(terminal.capabilities)
            terminal.show(first)
            device.output()
            terminal.show(first)
            #expect(device.output() == "")
            var canvas = Canvas(size: first.size, capabilities: terminal.capabilities)
            canvas.put("Z", at: Position(row: 2, column: 20))
            terminal.show(canvas.frame)
            expectHeld(canvas.frame, terminal.capabilities)
            device.output()
            canvas.put("Y", at: Position(row: 2, column: 20))
            terminal.show(canvas.frame)
            let sent = device.output()
            #expect(sent.contains("Y") && sent.utf8.count < 24)
            terminal.redraw()
            terminal.show(first)
            #expect(device.output().contains("ESTABLISHED"))
            expectHeld(first, terminal.capabilities)
        }

        @Test(
            "A frame of another size is cut to the screen",
            arguments: [Size(rows: 9, columns: 40), Size(rows: 2, columns: 9)])
        func otherSize(size: Size) throws {
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open()
            defer { terminal.close() }
            terminal.show(frame(terminal.capabilities))
            device.output()
            let other = frame(terminal.capabilities, size: size)
            terminal.show(other)
            #expect(HeldCell(row: 1, column: 1)?.text == String(other[1, 1].character))
            if size.rows < 6 { #expect(HeldCell(row: 4, column: 4)?.text == " ") }
        }

        @Test("The light ground is found in COLORFGBG, unless the user says otherwise")
        func background() throws {
            #expect(TerminalEnvironment(term: nil, colorFgBg: "0;15").background == .light)
            #expect(TerminalEnvironment(term: nil, colorFgBg: "15;default;0").background == .dark)
            #expect(TerminalEnvironment(term: nil).background == .dark)
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open(colorFgBg: "0;15", options: TerminalOptions(background: .dark))
            #expect(terminal.capabilities.background == .dark)
            terminal.close()
        }

        @Test("The C library agrees about the widths")
        func widths() throws {
            let device = try PseudoTerminal(rows: 6, columns: 30)
            let terminal = try device.open()
            defer { terminal.close() }
            var disagreements: [String] = []
            for value in (0xA0...0x3FFFF as ClosedRange<UInt32>) {
                guard let scalar = Unicode.Scalar(value) else { continue }
                for cluster in CellText(String(scalar), ascii: false) {
                    let width = peerlab_wcwidth(cluster.character.unicodeScalars.first!.value)
                    // The C library may know fewer characters. Unicode 14 made U+1171E of Ahom a spacing mark.
                    guard value != 0x1171E else { continue }
                    if width >= 0, Int(width) != cluster.width { disagreements.append(String(value, radix: 16)) }
                }
            }
            #expect(disagreements == [])
        }
    }
}
