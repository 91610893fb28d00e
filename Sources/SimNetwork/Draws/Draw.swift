/// Counter-based random draws: pure functions of (seed, site, subject, number), in integers alone.
enum Draw {
    /// FNV-1a, 64 bits: gives a site or subject its stable number.
    static func stableHash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { stableHash($0) }
    }

    static func stableHash(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { stableHash($0) }
    }

    static func stableHash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBufferPointer { stableHash($0) }
    }

    private static func stableHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
    @inline(__always)
    static func finalise(_ input: UInt64) -> UInt64 {
        var bits = input
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// What the draws of a site for a subject have in common, whatever the seed.
    @inline(__always)
    static func scope(site: UInt64, subject: UInt64) -> UInt64 {
        finalise(site ^ subject.rotatedLeft(32) &+ 0xD1B5_4A32_D192_ED03)
    }

    /// What the draws for a segment are keyed by, beside its number: the direction of the link, the connection's stable
    /// name, the sender's side, whether it has payload, and how often it was sent.
    static func segmentKey(
        lane: UInt64, connection: UInt64, _ side: Side, isData: Bool, transmission: UInt32
    ) -> UInt64 {
        let pair = finalise(lane ^ connection.rotatedLeft(17))
        return finalise(pair ^ (UInt64(transmission) << 2 | UInt64(side.rawValue) << 1 | (isData ? 1 : 0)))
    }

    /// 64 uniform bits: draw `number` of a scope under `seed`.
    @inline(__always)
    static func bits(seed: UInt64, scope: UInt64, number: UInt64) -> UInt64 {
        let key = finalise(seed &+ 0x9E37_79B9_7F4A_7C15) ^ scope
        return finalise(key &+ number &* 0x9E37_79B9_7F4A_7C15)
    }

    /// 64 uniform bits: draw `number` of `site` for `subject` under `seed`.
    @inline(__always)
    static func bits(seed: UInt64, site: UInt64, subject: UInt64, number: UInt64) -> UInt64 {
        bits(seed: seed, scope: scope(site: site, subject: subject), number: number)
    }
}

/// A probability in units of 2⁻³², so that drawing compares integers.
public struct Probability: Hashable, Sendable {
    /// 0 is never, 2³² is always.
    public let threshold: UInt64

    /// Makes a probability of a fraction.
    ///
    /// - Parameter fraction: 0…1; what lies outside is clamped.
    public init(_ fraction: Double) {
        threshold = UInt64(min(max(fraction, 0), 1) * 4_294_967_296)
    }

    init(threshold: UInt64) { self.threshold = threshold }

    /// The probability that one of two that do not depend on each other happens.
    func or(_ other: Probability) -> Probability {
        let product = threshold.multipliedFullWidth(by: other.threshold)
        return Probability(threshold: threshold + other.threshold - (product.high << 32 | product.low >> 32))
    }

    /// Never.
    public static let never = Probability(0)
    /// Always.
    public static let always = Probability(1)

    /// Whether a draw of 64 uniform bits falls below it.
    @inline(__always)
    func holds(for bits: UInt64) -> Bool {
        bits >> 32 < threshold
    }

    /// The probability as a fraction, for showing.
    public var fraction: Double { Double(threshold) / 4_294_967_296 }
}
