/// Times as people read them.
package enum TimeText {
    /// A point in time to the microsecond: `5.104 318`, seconds before the point.
    package static func clock(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1_000
        let seconds = microseconds / 1_000_000
        return "\(seconds).\(threeDigits(microseconds / 1_000 % 1_000)) \(threeDigits(microseconds % 1_000))"
    }

    /// A length of time in the unit that suits it, to three digits: `1.20 s`, `3.20 ms`, `250 us`.
    package static func duration(_ nanoseconds: Int64) -> String {
        if nanoseconds < 0 { return "-" + duration(-max(nanoseconds, -.max)) }
        if nanoseconds < 1_000 { return "\(nanoseconds) ns" }
        if nanoseconds >= 600_000_000_000 { return "\(nanoseconds / 60_000_000_000) min" }
        let (unit, factor): (String, Int64) =
            nanoseconds < 1_000_000
            ? ("µs", 1_000) : nanoseconds < 1_000_000_000 ? ("ms", 1_000_000) : ("s", 1_000_000_000)
        return "\(hundredths(nanoseconds, of: factor)) \(unit)"
    }

    /// A length of time as the command line and lab files write it, without loss: `2500ms`.
    package static func operand(_ nanoseconds: Int64) -> String {
        for (unit, factor) in [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("us", 1_000)]
        where nanoseconds % factor == 0 {
            return "\(nanoseconds / factor)\(unit)"
        }
        return "\(nanoseconds)ns"
    }

    private static func hundredths(_ value: Int64, of unit: Int64) -> String {
        let whole = value / unit
        if whole >= 100 { return "\(whole)" }
        let part = value % unit * 100 / unit
        if whole >= 10 { return "\(whole).\(part / 10)" }
        return "\(whole).\(part < 10 ? "0" : "")\(part)"
    }

    private static func threeDigits(_ number: Int64) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }
}
