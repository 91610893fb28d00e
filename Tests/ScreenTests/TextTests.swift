import Screen
import Testing

@Suite("What text becomes on the screen")
struct TextTests {
    private func shown(_ text: String, ascii: Bool = false) -> String {
        CellText(text, ascii: ascii).map { String($0.character) }.joined()
    }

    @Test(
        "Display widths",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("網絡", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
            ("⚡", 2), ("✖", 1), ("●", 1), ("…", 1), ("カ", 2), ("ｶ", 1), ("Ａ", 2), ("🚀", 2), ("का", 2), ("\u{3000}", 2),
        ])
    func widths(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test("Control characters never reach the terminal")
    func controls() {
        let text = String(String.UnicodeScalarView((0...0x9F).compactMap(Unicode.Scalar.init)))
        for ascii in [false, true] {
            for scalar in shown(text, ascii: ascii).unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
            }
        }
        #expect(shown("a\u{1B}[31mb\u{7}") == "a\u{FFFD}[31mb\u{FFFD}")
        #expect(shown("a\u{9B}2Jb") == "a\u{FFFD}2Jb")
        #expect(shown("a\tb\nc\r\nd") == "a b c  d")
        #expect(shown("a\u{2028}b") == "a b")
    }

    @Test("Marks stay with their base, up to four; a mark alone is dropped")
    func marks() {
        let clusters = Array(CellText("e\u{301}x", ascii: false))
        #expect(clusters.map(\.width) == [1, 1])
        #expect(clusters[0].character == "e\u{301}")
        #expect(shown("\u{301}a") == "a")
        let tower = "a" + String(repeating: "\u{335}", count: 50)
        #expect(shown(tower).unicodeScalars.count == 5)
    }

    @Test("What terminals disagree about is taken out")
    func emoji() {
        #expect(shown("👩\u{200D}🚀") == "👩🚀")
        #expect(shown("👍🏽") == "👍")
        #expect(shown("✖\u{FE0F}").unicodeScalars.count == 1)
        #expect(shown("a\u{202E}b") == "ab")
        #expect(Array(CellText("🇩🇪", ascii: false)).map(\.width) == [1, 1])
    }

    @Test("In ASCII, text is folded to its likeness")
    func folds() {
        #expect(shown("ping 41 → 52 … 網", ascii: true) == "ping 41 > 52 ... ?")
        #expect(shown("e\u{301}⚡", ascii: true) == "e!!")
        for character in shown("●○✖⚡▸◂━▓░▁│╭é網🚀", ascii: true) { #expect(character.isASCII) }
    }
}
