/// Random numbers of a test that several draw from (SplitMix64).
final class SharedDice {
    private var state: UInt64

    init(seed: UInt64) { state = SharedDice.mix(seed &+ 0x1F83_D9AB_FB41_BD6B) }

    private static func mix(_ input: UInt64) -> UInt64 {
        var bits = input
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    private func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SharedDice.mix(state)
    }

    /// A number from 0 to below a bound.
    func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }

    /// Once in so many times.
    func once(in times: Int) -> Bool { below(times) == 0 }

    func choose<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A number of a range: one of its ends, one beside an end, or one whose size is drawn before its digits.
    func number(in range: ClosedRange<Int64>) -> Int64 {
        let (low, high) = (range.lowerBound, range.upperBound)
        switch below(10) {
        case 0, 1: return low
        case 2: return low < high ? low + 1 : low
        case 3: return high
        case 4: return high > low ? high - 1 : high
        default:
            let span = high.subtractingReportingOverflow(low)
            let width = span.overflow ? Int64.max : span.partialValue
            guard width > 0 else { return low }
            let bits = below(64 - width.leadingZeroBitCount) + 1
            return low + Int64(next() >> UInt64(64 - bits)) % (width == .max ? .max : width + 1)
        }
    }
}
