/// How fast virtual time passes while the run goes on.
package struct Speed: Hashable, Sendable, CustomStringConvertible {
    /// Quarters of real time for each step but the last, which is as fast as it goes.
    private static let quarters: [Int64] = [1, 2, 4, 8, 16, 32, 64, 128, 256]

    private var step: Int

    private init(step: Int) { self.step = min(max(step, 0), Self.quarters.count) }

    /// Virtual time passes as real time does.
    package static let normal = Speed(step: 2)
    /// As fast as it goes.
    package static let unbounded = Speed(step: quarters.count)

    /// The next higher speed; the highest is its own.
    package var faster: Speed { Speed(step: step + 1) }
    /// The next lower speed; the lowest is its own.
    package var slower: Speed { Speed(step: step - 1) }
    /// Whether there is no limit.
    package var isUnbounded: Bool { step == Self.quarters.count }

    /// The virtual time that passes in a real one, both in nanoseconds; `nil` without a limit.
    package func virtual(for elapsed: Int64) -> Int64? {
        guard !isUnbounded else { return nil }
        let (product, overflow) = elapsed.multipliedReportingOverflow(by: Self.quarters[step])
        return overflow ? .max : product / 4
    }

    /// `¼×`, `½×`, `1×` … `64×`, `max`.
    package var description: String {
        guard !isUnbounded else { return "max" }
        return switch Self.quarters[step] {
        case 1: "¼×"
        case 2: "½×"
        case let quarters: "\(quarters / 4)×"
        }
    }

    /// The same in ASCII: `1/4x`.
    func description(ascii: Bool) -> String {
        guard ascii else { return description }
        return switch step {
        case 0: "1/4x"
        case 1: "1/2x"
        default: isUnbounded ? "max" : "\(Self.quarters[step] / 4)x"
        }
    }
}
