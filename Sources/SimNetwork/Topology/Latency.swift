/// How long a segment takes to cross a link: a distribution in nanoseconds, drawn with IEEE + − × ÷ alone.
public enum Latency: Hashable, Sendable {
    /// Always the same.
    case constant(Int64)
    /// Uniform between two bounds, both included.
    case uniform(Int64, Int64)
    /// Normal of a mean and a standard deviation, cut off at 0; the sum of twelve uniform draws (Irwin–Hall).
    case normal(mean: Int64, deviation: Int64)
    /// Exponential of a mean.
    case exponential(mean: Int64)
    /// One of two constants; the second with the given probability.
    case bimodal(Int64, Int64, second: Probability)
    /// Pareto (type I) of a least value and a shape above 0; cut off at 1,000 times the least value.
    case pareto(least: Int64, shape: Double)

    /// The shortest latency it can draw, in nanoseconds.
    public var least: Int64 {
        switch self {
        case .constant(let value): value
        case .uniform(let low, _): low
        case .normal, .exponential: 0
        case .bimodal(let first, let second, _): min(first, second)
        case .pareto(let least, _): least
        }
    }

    /// Draws a latency from 64 uniform bits.
    func nanoseconds(from bits: @autoclosure () -> UInt64) -> Int64 {
        switch self {
        case .constant(let value):
            return value
        case .uniform(let low, let high):
            let width = UInt64(bitPattern: high &- low) &+ 1
            return low + Int64(bits().multipliedFullWidth(by: width).high)
        case .normal(let mean, let deviation):
            var sum: Int64 = 0
            var state = bits()
            for _ in 0..<12 {
                sum += Int64(state >> 32)
                state = Draw.finalise(state &+ 0x9E37_79B9_7F4A_7C15)
            }
            // Twelve uniforms on [0, 2³²) have the mean 6 × 2³² and the standard deviation 2³².
            let normal = (Double(sum) - 6 * 4_294_967_296) / 4_294_967_296
            return max(0, mean + Int64(normal * Double(deviation)))
        case .exponential(let mean):
            return Int64(-ExactMath.naturalLogarithm(ofUnit: bits()) * Double(mean))
        case .bimodal(let first, let second, let probability):
            return probability.holds(for: bits()) ? second : first
        case .pareto(let least, let shape):
            let factor = ExactMath.exponential(min(-ExactMath.naturalLogarithm(ofUnit: bits()) / shape, 6.907755))
            return Int64(Double(least) * min(factor, 1_000))
        }
    }
}

/// Logarithm and exponential in IEEE + − × ÷, the same to the last bit on every processor, which libm is not.
enum ExactMath {
    private static let naturalLogarithmOf2 = 0.693147180559945309

    /// ln u for u = (bits + ½) / 2⁵³ in (0, 1), from the upper 53 bits; good to about 10⁻¹⁵ relative.
    static func naturalLogarithm(ofUnit bits: UInt64) -> Double {
        let unit = (Double(bits >> 11) + 0.5) / 9_007_199_254_740_992
        // unit = significand × 2^exponent with the significand in [1, 2)
        let exponent = Double(unit.exponent)
        let significand = unit.significand
        // ln s = 2 artanh((s − 1) / (s + 1)); the argument is at most ⅓, so 18 terms leave less than 10⁻¹⁷.
        let argument = (significand - 1) / (significand + 1)
        let square = argument * argument
        var power = argument
        var sum = 0.0
        var divisor = 1.0
        for _ in 0..<18 {
            sum += power / divisor
            power *= square
            divisor += 2
        }
        return exponent * naturalLogarithmOf2 + 2 * sum
    }

    /// e^x for 0 ≤ x ≤ 40: the series at x / 2⁶, squared six times.
    static func exponential(_ argument: Double) -> Double {
        let reduced = argument / 64
        var term = 1.0
        var sum = 1.0
        for index in 1..<20 {
            term = term * reduced / Double(index)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        return sum
    }
}
