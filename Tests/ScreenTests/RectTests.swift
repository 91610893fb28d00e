import Screen
import Testing

@Suite("Splitting rectangles")
struct RectTests {
    private let rect = Rect(row: 2, column: 3, rows: 10, columns: 30)

    @Test("Fixed parts get their length, weights share the rest without a gap")
    func columns() {
        let parts = rect.split(columns: [.fixed(5), .weight(2), .weight(1)])
        #expect(parts.map(\.columns) == [5, 17, 8])
        #expect(parts.map(\.column) == [3, 8, 25])
        #expect(parts.allSatisfy { $0.row == 2 && $0.rows == 10 })
    }

    @Test("Rows go downwards")
    func rows() {
        let parts = rect.split(rows: [.fixed(1), .weight(1), .fixed(1)])
        #expect(parts.map(\.row) == [2, 3, 11])
        #expect(parts.map(\.rows) == [1, 8, 1])
    }

    @Test("A minimum is kept, and the others share what is left")
    func minimum() {
        #expect(rect.split(columns: [.weight(1, min: 20), .weight(1), .weight(1)]).map(\.columns) == [20, 5, 5])
        let unequal = rect.split(columns: [.weight(9), .weight(1, min: 8), .weight(1, min: 8)])
        #expect(unequal.map(\.columns) == [14, 8, 8])
    }

    @Test("Too little room is taken from the last parts")
    func tight() {
        #expect(rect.split(columns: [.fixed(20), .fixed(20), .weight(1, min: 4)]).map(\.columns) == [20, 10, 0])
    }

    @Test("Whatever the total, the parts fill it", arguments: 0...40)
    func fills(total: Int) {
        let parts = Rect(row: 0, column: 0, rows: 1, columns: total).split(
            columns: [.weight(3, min: 5), .fixed(4), .weight(2), .weight(2, min: 7)])
        #expect(parts.map(\.columns).reduce(0, +) == total)
        #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.endColumn == $1.column })
    }

    @Test("Insets, intersections and centring")
    func geometry() {
        #expect(rect.inset(by: 1) == Rect(row: 3, column: 4, rows: 8, columns: 28))
        #expect(Rect(row: 0, column: 0, rows: 1, columns: 1).inset(by: 1).isEmpty)
        let corner = Rect(row: 0, column: 0, rows: 4, columns: 4)
        #expect(rect.intersection(corner) == Rect(row: 2, column: 3, rows: 2, columns: 1))
        #expect(rect.intersection(Rect(row: 50, column: 0, rows: 4, columns: 4)).isEmpty)
        #expect(rect.centred(Size(rows: 4, columns: 10)) == Rect(row: 5, column: 13, rows: 4, columns: 10))
        #expect(rect.contains(Position(row: 11, column: 32)))
        #expect(!rect.contains(Position(row: 12, column: 32)))
    }
}
