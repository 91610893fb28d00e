/// The interval in which a probability lies that is known by a count of trials (Wilson: "Probable Inference, the Law of
/// Succession, and Statistical Inference", 1927): it holds for few trials, and for none or all of them too.
package struct WilsonInterval: Hashable, Sendable {
    /// From 0 to 1.
    package let low, high: Double

    /// The interval that has the probability in it 19 times of 20.
    ///
    /// - Parameters:
    ///   - count: how often it came true.
    ///   - trials: of how many, from 1.
    package init(_ count: Int, of trials: Int) {
        // The 97.5 % quantile of the normal distribution.
        let z = 1.959_963_984_540_054
        let (n, p) = (Double(max(1, trials)), Double(count) / Double(max(1, trials)))
        let middle = p + z * z / (2 * n)
        let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        low = max(0, (middle - half) / (1 + z * z / n))
        high = min(1, (middle + half) / (1 + z * z / n))
    }
}
