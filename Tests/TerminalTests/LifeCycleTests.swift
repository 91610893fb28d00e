import CNcurses
import Screen
import Terminal
import Testing

extension TerminalSuite {
    @Suite("Taking the terminal and giving it back")
    struct LifeCycleTests {
        private let log = "/dev/null"

        @Test("What cannot show the screen is an error, and nothing is written")
        func errors() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let cases: [(String?, TerminalError)] = [
                (nil, .terminalTypeUnset), ("", .terminalTypeUnset), ("nonsense", .unknownTerminalType("nonsense")),
                ("dumb", .noCursorMovement("dumb")),
            ]
            for (term, expected) in cases {
                #expect(throws: expected) { try device.open(term: term) }
            }
            #expect(device.output() == "")
            #expect(
                TerminalError.unknownTerminalType("nonsense").description
                    == "unknown terminal type 'nonsense'; set TERM to one that `infocmp` knows, for example "
                    + "xterm-256color")
        }

        @Test("A file is not a terminal, on either side")
        func notATerminal() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let path = peerlab_duplicate(2)
            #expect(peerlab_redirect_errors(log) == 0)
            defer {
                peerlab_return_errors()
                peerlab_close_descriptor(path)
            }
            let environment = TerminalEnvironment(term: "xterm", locale: "C.UTF-8")
            #expect(throws: TerminalError.notATerminal("input")) {
                try CursesTerminal(environment: environment, input: 2, output: device.terminal)
            }
            #expect(throws: TerminalError.notATerminal("output")) {
                try CursesTerminal(environment: environment, input: device.terminal, output: 2)
            }
        }

        @Test("There is one screen at a time, and after it another", arguments: [false, true])
        func again(mouse: Bool) throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let first = try device.open(options: TerminalOptions(mouse: mouse))
            #expect(throws: TerminalError.alreadyOpen) { try device.open() }
            first.close()
            first.close()
            first.show(Frame(size: first.size))
            #expect(first.nextInput(timeoutMilliseconds: -1) == nil)
            let second = try device.open()
            #expect(second.size == Size(rows: 4, columns: 20))
            second.close()
        }

        @Test("The modes are as before after closing, and the screen is left")
        func modes() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let before = device.modes
            let terminal = try device.open()
            terminal.show(Frame(size: terminal.size))
            #expect(device.modes != before)
            #expect(device.output().contains("\u{1B}[?1049h"))
            terminal.close()
            #expect(device.modes == before)
            let last = device.output()
            #expect(last.contains("\u{1B}[?1049l"))
            #expect(last.contains("\u{1B}[?1006;1000l") || last.contains("\u{1B}[?1000l"))
        }

        @Test("Leaving gives everything back, and entering draws it again")
        func leave() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let before = device.modes
            let terminal = try device.open(options: TerminalOptions(logPath: log))
            defer { terminal.close() }
            let during = device.modes
            var canvas = Canvas(size: terminal.size, capabilities: terminal.capabilities)
            canvas.put("ESTABLISHED", at: Position(row: 1, column: 1))
            terminal.show(canvas.frame)
            device.output()
            terminal.leave()
            #expect(device.modes == before)
            #expect(device.output().contains("\u{1B}[?1049l"))
            device.resize(rows: 5, columns: 25)
            terminal.enter()
            #expect(device.modes == during)
            #expect(terminal.size == Size(rows: 5, columns: 25))
            let again = device.output()
            #expect(again.contains("\u{1B}[?1049h"))
            #expect(again.contains("1000h"))
            terminal.show(canvas.frame)
            #expect(HeldCell(row: 1, column: 1)?.text == "E")
        }

        @Test("File descriptor 2 goes to the log, and comes back")
        func errorOutput() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let before = peerlab_duplicate(2)
            defer { peerlab_close_descriptor(before) }
            let path = "/tmp/peerlab-terminal-test.log"
            let terminal = try device.open(options: TerminalOptions(logPath: path))
            let during = peerlab_duplicate(2)
            defer { peerlab_close_descriptor(during) }
            #expect(!peerlab_same_file(before, during))
            terminal.leave()
            #expect(peerlab_same_file(2, before))
            terminal.enter()
            #expect(peerlab_same_file(2, during))
            terminal.close()
            #expect(peerlab_same_file(2, before))
        }

        @Test("A log that cannot be written is an error before the terminal is touched")
        func badLog() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let path = "/nonexistent/peerlab.log"
            #expect(throws: TerminalError.logNotWritable(path: path, errorNumber: 2)) {
                try device.open(options: TerminalOptions(logPath: path))
            }
            #expect(device.output() == "")
        }

        @Test("Stopping takes effect there and then, and the process goes on")
        func stop() throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let terminal = try device.open()
            #expect(peerlab_stop_in_child())
            terminal.close()
        }

        @Test(
            "A crash gives the terminal back and goes its way",
            arguments: [peerlab_segmentation_fault(), peerlab_abort()])
        func crash(signal: Int32) throws {
            let device = try PseudoTerminal(rows: 4, columns: 20)
            let before = device.modes
            let terminal = try device.open()
            terminal.show(Frame(size: terminal.size))
            device.output()
            #expect(device.modes != before)
            #expect(peerlab_raise_in_child(signal, false) == signal)
            #expect(device.modes == before)
            terminal.leave()
            terminal.enter()
            #expect(device.modes != before)
            #expect(peerlab_raise_in_child(signal, true) == -43)
            #expect(device.modes == before)
            let last = device.output()
            #expect(last.contains("\u{1B}[?1049l"))
            #expect(last.contains("\u{1B}[?1000l"))
            terminal.close()
        }
    }
}
