/// What the latest acknowledgement's blocks have marked: it need not be looked at again, however much lies in them (Linux's
/// `recv_sack_cache`).
struct SackedRanges {
    /// As many as an acknowledgement has, in its order.
    private var ranges: [Range<Int64>] = []

    /// Takes in the blocks of another acknowledgement, all of which are marked.
    mutating func replace(by blocks: [Range<Int64>]) { ranges = blocks }

    /// Nothing is marked any more.
    mutating func forget() { ranges = [] }

    /// Where what is marked ends that an offset lies in; the offset itself where it lies in none.
    func end(around offset: Int64) -> Int64 {
        for range in ranges where range.lowerBound <= offset && offset < range.upperBound { return range.upperBound }
        return offset
    }
}
