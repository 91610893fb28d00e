import Bug

/// Segments in the order of their numbers, of which any may be taken away.
///
/// As many may be on the wire as there are hosts, 100,000 and more, and each that arrives leaves it: what is taken away
/// leaves a gap, and the gaps are closed when they are half of all, as in ``Agenda``.
public struct SegmentList: Hashable, Sendable {
    private var slots: [SegmentSummary?]
    /// The number of each slot, whatever has become of its segment.
    private var numbers: [Int64]
    /// Where the first segment is; the number of slots where there is none.
    private var first = 0
    /// How many segments there are.
    public private(set) var count: Int

    /// A list of segments that are in the order of their numbers.
    init(_ segments: [SegmentSummary] = []) {
        slots = segments
        numbers = segments.map(\.number)
        count = segments.count
    }

    /// Adds a segment, whose number is higher than that of any before.
    mutating func append(_ segment: SegmentSummary) {
        slots.append(segment)
        numbers.append(segment.number)
        count += 1
    }

    /// Takes away the segment of a number, if it is here.
    mutating func remove(_ number: Int64) {
        guard let index = place(of: number) else { return }
        slots[index] = nil
        count -= 1
        if index == first { skipGaps() }
        guard slots.count > 32, 2 * count < slots.count else { return }
        slots.removeAll { $0 == nil }
        numbers = slots.compactMap { $0?.number }
        first = 0
    }

    private mutating func skipGaps() {
        while first < slots.count, slots[first] == nil { first += 1 }
    }

    /// Changes the segment of a number, if it is here.
    mutating func change(_ number: Int64, _ change: (inout SegmentSummary) -> Void) {
        guard let index = place(of: number), var segment = slots[index] else { return }
        change(&segment)
        slots[index] = segment
    }

    /// Where a segment is; nil where it is not here.
    private func place(of number: Int64) -> Int? {
        var low = first
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < numbers.count && numbers[low] == number && slots[low] != nil ? low : nil
    }

    /// Lists are the same where their segments are, gaps or not.
    public static func == (left: SegmentList, right: SegmentList) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }

    /// Takes in the segments.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for segment in self { hasher.combine(segment) }
    }
}

extension SegmentList: BidirectionalCollection {
    /// Where the first segment is.
    public var startIndex: Int { first }
    /// Behind the last segment.
    public var endIndex: Int { slots.count }

    /// Where the next segment is.
    public func index(after index: Int) -> Int {
        var next = index + 1
        while next < slots.count, slots[next] == nil { next += 1 }
        return next
    }

    /// Where the segment before is.
    public func index(before index: Int) -> Int {
        var previous = index - 1
        while previous > first, slots[previous] == nil { previous -= 1 }
        return previous
    }

    /// The segment at an index of the list.
    public subscript(index: Int) -> SegmentSummary {
        guard let segment = slots[index] else { bug("no segment is at \(index)") }
        return segment
    }
}
