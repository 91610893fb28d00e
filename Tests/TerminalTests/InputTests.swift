import CNcurses
import Screen
import Terminal
import Testing

extension TerminalSuite {
    @Suite("Input")
    struct InputTests {
        @Test(
            "Keys",
            arguments: [
                ("a", .key("a")), ("é", .key("é")), ("網", .key("網")), (" ", .key(" ")), ("\r", .enter), ("\n", .enter),
                ("\t", .tab), ("\u{1B}[Z", .backTab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
                ("\u{1}", .control("a")), ("\u{3}", .interrupt), ("\u{1A}", .suspend), ("\u{1C}", .control("\\")),
                ("\u{1B}OA", .up), ("\u{1B}OB", .down), ("\u{1B}OC", .right), ("\u{1B}OD", .left), ("\u{1B}OH", .home),
                ("\u{1B}OF", .end), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete),
                ("\u{1B}[2~", .insert), ("\u{1B}OP", .function(1)), ("\u{1B}[24~", .function(12)), ("\u{1B}", .escape),
            ] as [(String, Input)])
        func keys(bytes: String, input: Input) throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            device.type(bytes)
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == input)
            #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        }

        @Test("The mouse")
        func mouse() throws {
            let device = try PseudoTerminal(rows: 10, columns: 40)
            let terminal = try device.open()
            defer { terminal.close() }
            let place = Position(row: 2, column: 4)
            device.type("\u{1B}[<0;5;3M")
            #expect(
                terminal.nextInput(timeoutMilliseconds: -1) == .mouse(MouseEvent(.press, button: 1, at: place)))
            device.type("\u{1B}[<64;5;3M")
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .mouse(MouseEvent(.scrollUp, at: place)))
            device.type("\u{1B}[<65;5;3M")
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .mouse(MouseEvent(.scrollDown, at: place)))
        }

        @Test("Pasted text comes at once, and what stands behind it as keys")
        func paste() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            #expect(device.output().contains("\u{1B}[?2004h"))
            device.type("\u{1B}[200~step é\n5\u{1B}[201~q")
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .paste("step é\n5"))
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .key("q"))
            terminal.leave()
            #expect(device.output().contains("\u{1B}[?2004l"))
            terminal.enter()
            #expect(device.output().contains("\u{1B}[?2004h"))
        }

        @Test("More than anybody types at once is text, all that is there at once, and the key behind it a key")
        func burst() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            let text = String(repeating: "cut é 網 ", count: 100) + String(repeating: "x", count: 100)
            device.type(text + "\r")
            var inputs: [Input] = []
            while let input = terminal.nextInput(timeoutMilliseconds: 0) { inputs.append(input) }
            #expect(inputs.last == .enter)
            guard case .paste(let begin)? = inputs.first else {
                Issue.record("\(inputs.first as Any)")
                return
            }
            #expect(inputs.count <= 66, "\(inputs.count)")
            let rest = inputs.dropFirst().dropLast().map { if case .key(let key) = $0 { String(key) } else { "?" } }
            #expect(begin + rest.joined() == text)
            // What somebody may have typed comes key by key.
            device.type("jjj")
            #expect(terminal.nextInput(timeoutMilliseconds: 0) == .key("j"))
        }

        @Test("Wherever a text is cut, no space and no character is lost", arguments: 0..<12)
        func cuts(shift: Int) throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            let text = String(repeating: "y", count: 300 + shift) + String(repeating: "a 網", count: 20)
            device.type(text)
            var seen = ""
            while let input = terminal.nextInput(timeoutMilliseconds: 0) {
                switch input {
                case .key(let key): seen.append(key)
                // As a line takes it.
                case .paste(let part): seen += part.trimmingPrefix(while: \.isWhitespace)
                default: Issue.record("\(input)")
                }
                if case .paste(let part) = input { #expect(part.last?.isWhitespace == false) }
            }
            #expect(seen == text)
        }

        @Test("A signal comes before the rest of a paste, and forgets it")
        func interruptedPaste() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            device.type("\u{1B}[200~" + String(repeating: "x", count: 2_000))
            peerlab_raise(PEERLAB_SIGNAL_INTERRUPT)
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .interrupt)
            #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        }

        @Test("The mouse is left alone where it is not wanted")
        func noMouse() throws {
            let device = try PseudoTerminal(rows: 10, columns: 40)
            let terminal = try device.open(options: TerminalOptions(mouse: false))
            terminal.show(Frame(size: terminal.size))
            terminal.close()
            #expect(!device.output().contains("1000h"))
        }

        @Test("A new size arrives as an input, and the device has it")
        func resize() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            terminal.show(Frame(size: terminal.size))
            device.resize(rows: 7, columns: 31)
            peerlab_raise_resize()
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == .resize(Size(rows: 7, columns: 31)))
            #expect(terminal.size == Size(rows: 7, columns: 31))
            #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        }

        @Test(
            "Signals arrive as inputs",
            arguments: [
                (PEERLAB_SIGNAL_TERMINATE, .terminate), (PEERLAB_SIGNAL_HANG_UP, .terminate),
                (PEERLAB_SIGNAL_INTERRUPT, .interrupt), (PEERLAB_SIGNAL_STOP, .suspend),
                (PEERLAB_SIGNAL_CONTINUE, .resize(Size(rows: 4, columns: 20))),
            ] as [(peerlab_signal, Input)])
        func signals(signal: peerlab_signal, input: Input) throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            defer { terminal.close() }
            peerlab_raise(signal)
            #expect(terminal.nextInput(timeoutMilliseconds: -1) == input)
            #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        }

        @Test("A terminal that is gone ends the program")
        func gone() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            device.type("a")
            device.hangUp()
            var inputs: [Input?] = []
            while inputs.last != .terminate, inputs.count < 3 {
                inputs.append(terminal.nextInput(timeoutMilliseconds: -1))
            }
            #expect(inputs.last == .terminate)
            terminal.close()
        }
    }
}
