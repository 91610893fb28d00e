/// How long a part of a split rectangle wants to be.
package enum Length: Hashable, Sendable {
    /// So many cells, as long as there are any left.
    case fixed(Int)
    /// A share of what the fixed parts leave, in proportion to the weight; never below the minimum while there is room.
    case weight(Int, min: Int = 0)

    fileprivate var floor: Int {
        switch self {
        case .fixed(let length): max(0, length)
        case .weight(_, let min): max(0, min)
        }
    }

    fileprivate var weight: Int {
        switch self {
        case .fixed: 0
        case .weight(let weight, _): max(0, weight)
        }
    }
}

extension Rect {
    /// Parts one below the other; together they fill the rectangle if at least one has a weight.
    package func split(rows lengths: [Length]) -> [Rect] {
        var next = row
        return Self.distribute(rows, over: lengths).map { length in
            defer { next += length }
            return Rect(row: next, column: column, rows: length, columns: columns)
        }
    }

    /// Parts side by side; together they fill the rectangle if at least one has a weight.
    package func split(columns lengths: [Length]) -> [Rect] {
        var next = column
        return Self.distribute(columns, over: lengths).map { length in
            defer { next += length }
            return Rect(row: row, column: next, rows: rows, columns: length)
        }
    }

    /// The length of every part, in whole cells.
    ///
    /// Too little room is taken from the last parts first. A part whose share would be below its minimum gets the
    /// minimum, and the others share the rest; what rounding leaves goes to the first parts, a cell each.
    private static func distribute(_ total: Int, over lengths: [Length]) -> [Int] {
        let floors = lengths.map(\.floor)
        guard floors.reduce(0, +) < total else {
            var room = total
            return floors.map { floor in
                let length = min(floor, room)
                room -= length
                return length
            }
        }
        var result = floors
        var sharing = lengths.indices.filter { lengths[$0].weight > 0 }
        while true {
            let held = lengths.indices.filter { !sharing.contains($0) }.reduce(0) { $0 + floors[$1] }
            let room = total - held
            let weights = sharing.reduce(0) { $0 + lengths[$1].weight }
            let tooSmall = sharing.filter { room * lengths[$0].weight / weights < floors[$0] }
            guard tooSmall.isEmpty else {
                sharing.removeAll { tooSmall.contains($0) }
                continue
            }
            var left = room
            for index in sharing {
                result[index] = room * lengths[index].weight / weights
                left -= result[index]
            }
            for index in sharing.prefix(left) { result[index] += 1 }
            return result
        }
    }
}
