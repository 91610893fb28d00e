import Screen
import Testing

@Suite("Palettes and the terminal in memory")
struct DeviceTests {
    @Test("The inputs come in their order, and a resize takes effect when it is read")
    func inputs() {
        let terminal = InMemoryTerminal(size: Size(rows: 2, columns: 3), inputs: [.enter])
        terminal.type("ab")
        terminal.resize(to: Size(rows: 4, columns: 5))
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == .enter)
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == .key("a"))
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == .key("b"))
        #expect(terminal.size == Size(rows: 2, columns: 3))
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == .resize(Size(rows: 4, columns: 5)))
        #expect(terminal.size == Size(rows: 4, columns: 5))
        #expect(terminal.nextInput(timeoutMilliseconds: -1) == nil)
        #expect(terminal.isIdle)
    }

    @Test("Frames and changed cells are counted")
    func frames() {
        let terminal = InMemoryTerminal(size: Size(rows: 1, columns: 6))
        let one = drawn(1, 6) { $0.put("abc", at: Position(row: 0, column: 0)) }
        let two = drawn(1, 6) { $0.put("abX", at: Position(row: 0, column: 0)) }
        terminal.show(one)
        #expect(terminal.changedCells == 6)
        terminal.show(two, cursor: Position(row: 0, column: 2))
        #expect(terminal.changedCells == 1)
        #expect(terminal.cursor == Position(row: 0, column: 2))
        terminal.redraw()
        terminal.show(two)
        #expect(terminal.changedCells == 6)
        #expect(terminal.frameCount == 3)
        #expect(terminal.totalChangedCells == 13)
        terminal.close()
        terminal.show(one)
        #expect(terminal.frame == two)
    }

    @Test("Without colours no role has one, and what matters stands out all the same")
    func monochrome() {
        let palette = Palette(tier: .none, background: .dark)
        for role in Role.allCases {
            let ink = palette.ink(for: Style(role))
            #expect(ink.foreground == nil && ink.background == nil)
        }
        for role in [Role.title, .focus, .warning, .danger, .fault, .selection, .key] {
            #expect(palette.ink(for: Style(role)).emphasis != [])
        }
    }

    @Test("Sixteen colours use the eight that every terminal has", arguments: Background.allCases)
    func eight(background: Background) {
        let palette = Palette(tier: .sixteen, background: background)
        for role in Role.allCases { #expect((palette.ink(for: Style(role)).foreground ?? 0) < 8) }
        #expect(palette.ink(for: .selection).emphasis.contains(.reverse))
    }

    @Test("Good, warning, danger and fault differ in every palette with colours", arguments: Background.allCases)
    func distinct(background: Background) {
        for tier in [ColourTier.sixteen, .twoHundredFiftySix] {
            let palette = Palette(tier: tier, background: background)
            let inks = [Style.good, .warning, .danger, .fault].map(palette.ink(for:))
            #expect(Set(inks).count == inks.count)
        }
    }

    @Test("A style's emphasis is added to its role's")
    func emphasis() {
        let ink = Palette(tier: .none, background: .dark).ink(for: .title.underlined)
        #expect(ink.emphasis == [.bold, .underline])
    }

    @Test("Role letters are all different")
    func letters() {
        let styles = Role.allCases.flatMap { [Style($0), Style($0).bold] }
        #expect(Set(styles.map(\.letter)).count == styles.count)
    }
}
