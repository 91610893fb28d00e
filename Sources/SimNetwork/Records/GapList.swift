import Bug

/// What a ``GapList`` may hold: each has a place of its own, and the lesser comes first.
public protocol Placed: Hashable, Sendable {
    /// What places are compared by.
    associatedtype Place: Comparable & Sendable
    /// Where it is among others.
    var listPlace: Place { get }
}

/// What is put behind one another and may be taken away from anywhere.
///
/// As many segments may be on the wire as there are hosts, 100,000 and more, and each that arrives leaves it: what is taken
/// away leaves a gap, and the gaps are closed when they are half of all.
public struct GapList<Element: Placed>: Hashable, Sendable {
    private var slots: [Element?]
    /// The place of what each slot has, or had.
    private var places: [Element.Place]
    /// Where the first element is; the number of slots where there is none.
    private var first = 0
    /// How many elements there are.
    public private(set) var count: Int

    /// A list of what is in the order of its places.
    init(_ elements: [Element] = []) {
        slots = elements
        places = elements.map(\.listPlace)
        count = elements.count
    }

    /// Bytes of memory that it takes.
    var approximateBytes: Int { slots.count * (MemoryLayout<Element?>.stride + MemoryLayout<Element.Place>.stride) }

    /// Adds what comes behind all that was added before.
    mutating func append(_ element: Element) {
        slots.append(element)
        places.append(element.listPlace)
        count += 1
    }

    /// Takes away what has a place, if it is here.
    mutating func remove(_ place: Element.Place) {
        guard let index = index(of: place) else { return }
        count -= 1
        if index == slots.count - 1 {
            slots.removeLast()
            places.removeLast()
            return
        }
        slots[index] = nil
        if index == first { skipGaps() }
        guard slots.count > 32, 2 * count < slots.count else { return }
        slots.removeAll { $0 == nil }
        places = slots.compactMap { $0?.listPlace }
        first = 0
    }

    private mutating func skipGaps() {
        while first < slots.count, slots[first] == nil { first += 1 }
    }

    /// Changes what has a place, if it is here.
    mutating func change(_ place: Element.Place, _ change: (inout Element) -> Void) {
        guard let index = index(of: place), var element = slots[index] else { return }
        change(&element)
        slots[index] = element
    }

    /// Where what has a place is; nil where it is not here.
    private func index(of place: Element.Place) -> Int? {
        var low = first
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] == place && slots[low] != nil ? low : nil
    }

    /// Lists are the same where their elements are, gaps or not.
    public static func == (left: GapList, right: GapList) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }

    /// Takes in the elements.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { hasher.combine(element) }
    }
}

extension GapList: BidirectionalCollection {
    /// Where the first element is.
    public var startIndex: Int { first }
    /// Behind the last element.
    public var endIndex: Int { slots.count }

    /// Where the next element is.
    public func index(after index: Int) -> Int {
        var next = index + 1
        while next < slots.count, slots[next] == nil { next += 1 }
        return next
    }

    /// Where the element before is.
    public func index(before index: Int) -> Int {
        var previous = index - 1
        while previous > first, slots[previous] == nil { previous -= 1 }
        return previous
    }

    /// The element at an index of the list.
    public subscript(index: Int) -> Element {
        guard let element = slots[index] else { bug("nothing is at \(index)") }
        return element
    }
}
