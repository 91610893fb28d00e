import Screen
import Testing

@Suite("Differences between frames")
struct FrameDiffTests {
    private func frame(_ lines: String...) -> Frame {
        drawn(lines.count, 6) { canvas in
            for (row, line) in lines.enumerated() { canvas.put(line, at: Position(row: row, column: 0)) }
        }
    }

    @Test("Equal frames have none")
    func equal() {
        let diff = FrameDiff(from: frame("abc", "網"), to: frame("abc", "網"))
        #expect(diff.runs.isEmpty)
        #expect(diff.changedCells == 0)
    }

    @Test("Only the cells that changed are in a run")
    func minimal() {
        let diff = FrameDiff(from: frame("abcdef", "ghijkl"), to: frame("abXYeZ", "ghijkl"))
        #expect(diff.runs == [.init(row: 0, columns: 2..<4), .init(row: 0, columns: 5..<6)])
        #expect(diff.changedCells == 3)
    }

    @Test("A change of style alone is a change")
    func style() {
        let old = frame("abc")
        let new = drawn(1, 6) { $0.put("abc", at: Position(row: 0, column: 0), .danger) }
        #expect(FrameDiff(from: old, to: new).runs == [.init(row: 0, columns: 0..<3)])
    }

    @Test("A wide character is redrawn whole")
    func wide() {
        let diff = FrameDiff(from: frame("a網b"), to: frame("a絡c"))
        #expect(diff.runs == [.init(row: 0, columns: 1..<4)])
        #expect(FrameDiff(from: frame("a網b"), to: frame("a絡b")).runs == [.init(row: 0, columns: 1..<3)])
        #expect(FrameDiff(from: frame("a網b"), to: frame("axyb")).runs == [.init(row: 0, columns: 1..<3)])
        #expect(FrameDiff(from: frame("axyb"), to: frame("a網b")).runs == [.init(row: 0, columns: 1..<3)])
    }

    @Test("Without an old frame, or with one of another size, everything changed")
    func fresh() {
        #expect(FrameDiff(from: nil, to: frame("abc", "def")).changedCells == 12)
        #expect(FrameDiff(from: frame("abc"), to: frame("abc", "def")).changedCells == 12)
    }

    @Test("The golden form holds both grids")
    func golden() {
        let frame = drawn(2, 4) { $0.put("網!", at: Position(row: 0, column: 0), .fault) }
        #expect(frame.golden == "4x2\n網!\n\n--- styles\nzzz.\n....\n")
    }
}
