import Screen
import Testing

@Suite("The line editor")
struct LineEditorTests {
    private func typed(_ text: String, _ inputs: Input..., history: [String] = []) -> LineEditor {
        var editor = LineEditor(history: history)
        for input in text.map(Input.key) + inputs { _ = editor.handle(input) }
        return editor
    }

    @Test("Typing, moving and deleting")
    func editing() {
        #expect(typed("seek 10").text == "seek 10")
        #expect(typed("abc", .left, .key("X")).text == "abXc")
        #expect(typed("abc", .home, .delete).text == "bc")
        #expect(typed("abc", .left, .left, .backspace).text == "bc")
        #expect(typed("abc", .home, .key("X"), .end, .key("Y")).text == "XabcY")
        #expect(typed("cut link one  ", .control("w")).text == "cut link ")
        #expect(typed("cut link", .left, .control("u")).text == "k")
        #expect(typed("cut link", .home, .right, .control("k")).text == "c")
        #expect(typed("ab", .right, .right, .key("c")).text == "abc")
    }

    @Test("Enter hands over the line and remembers it once")
    func submit() {
        var editor = typed("step")
        #expect(editor.handle(.enter) == .submitted("step"))
        #expect(editor.text == "")
        for character in "step" { _ = editor.handle(.key(character)) }
        _ = editor.handle(.enter)
        #expect(editor.history == ["step"])
    }

    @Test("The history goes back and forth, and keeps the line being typed")
    func history() {
        var editor = typed("dra", history: ["one", "two"])
        var seen: [String] = []
        for input in [Input.up, .up, .up, .down, .down, .down] {
            _ = editor.handle(input)
            seen.append(editor.text)
        }
        #expect(seen == ["two", "one", "one", "two", "dra", "dra"])
    }

    @Test("Escape, and deleting from an empty line, leave it")
    func cancel() {
        var editor = typed("abc")
        #expect(editor.handle(.escape) == .cancelled)
        #expect(editor.text == "")
        #expect(editor.handle(.backspace) == .cancelled)
        #expect(editor.handle(.pageUp) == .ignored)
    }

    @Test("Completion goes as far as the candidates agree, then through them")
    func completion() {
        func complete(_ before: String) -> [String] {
            let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
            return ["heal", "help", "heartbeat"].filter { $0.hasPrefix(word) }
        }
        var editor = typed("run h")
        _ = editor.handle(.tab, complete: complete)
        #expect(editor.text == "run he")
        #expect(editor.candidates == ["heal", "help", "heartbeat"])
        _ = editor.handle(.tab, complete: complete)
        #expect(editor.text == "run heal")
        _ = editor.handle(.backTab, complete: complete)
        #expect(editor.text == "run heartbeat")
        _ = editor.handle(.key("x"))
        #expect(editor.candidates.isEmpty)
        var sole = typed("hel")
        _ = sole.handle(.tab, complete: complete)
        #expect(sole.text == "help ")
    }

    @Test("A long line scrolls so that the cursor stays in view")
    func window() {
        var editor = typed("0123456789")
        #expect(editor.window(width: 5) == ("6789", 4))
        _ = editor.handle(.home)
        #expect(editor.window(width: 5) == ("01234", 0))
        #expect(typed("網絡網").window(width: 6) == ("絡網", 4))
        #expect(editor.window(width: 0) == ("", 0))
    }
}

@Suite("Text that is put in at once")
struct PasteTests {
    @Test("It goes in at the cursor, on one line, without control characters")
    func paste() {
        var editor = LineEditor()
        _ = editor.handle(.paste("  cut\tclient-\u{1B}[31mserver\r\n"))
        #expect(editor.text == "cut client-[31mserver")
        _ = editor.handle(.home)
        _ = editor.handle(.paste("one\ntwo "))
        #expect(editor.text == "one twocut client-[31mserver" && editor.cursor == 7)
    }

    @Test("A line that was longer than a line may be is not handed over in part", arguments: [true, false])
    func tooLong(atOnce: Bool) {
        var editor = LineEditor()
        let text = String(repeating: "x", count: LineEditor.limit + 1)
        for input in atOnce ? [.paste(text)] : text.map(Input.key) { _ = editor.handle(input) }
        #expect(editor.text.count == LineEditor.limit)
        #expect(editor.handle(.enter) == .tooLong)
        #expect(editor.text == "" && editor.history.isEmpty)
        for character in "step" { _ = editor.handle(.key(character)) }
        #expect(editor.handle(.enter) == .submitted("step"))
    }
}
