/// Times as the screen shows them.
enum TimeText {
    /// A point in time to the microsecond: `5.104 318`, seconds before the point.
    static func clock(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1_000
        let seconds = microseconds / 1_000_000
        return "\(seconds).\(threeDigits(microseconds / 1_000 % 1_000)) \(threeDigits(microseconds % 1_000))"
    }

    /// A length of time in the unit that suits it, to three digits: `1.20 s`, `3.20 ms`, `250 us`.
    static func duration(_ nanoseconds: Int64) -> String {
        switch nanoseconds {
        case ..<0: "-" + duration(-max(nanoseconds, -.max))
        case 0..<1_000: "\(nanoseconds) ns"
        case 1_000..<1_000_000: "\(hundredths(nanoseconds, of: 1_000)) µs"
        case 1_000_000..<1_000_000_000: "\(hundredths(nanoseconds, of: 1_000_000)) ms"
        case 1_000_000_000..<600_000_000_000: "\(hundredths(nanoseconds, of: 1_000_000_000)) s"
        default: "\(nanoseconds / 60_000_000_000) min"
        }
    }

    /// A length of time as the command line and lab files write it, without loss: `2500ms`.
    static func operand(_ nanoseconds: Int64) -> String {
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

/// Numbers as the screen shows them.
enum NumberText {
    /// Bytes in the unit that suits them: `512 B`, `64K`, `3M`.
    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<10_000: "\(count) B"
        case ..<10_240_000: "\(count / 1_024)K"
        default: "\(count / 1_048_576)M"
        }
    }

    /// Bytes beside a gauge: the unit goes without saying below 10,000.
    static func level(_ count: Int64) -> String { count < 10_000 ? "\(count)" : bytes(count) }

    /// A count and its noun: `1 message`, `2 messages`.
    static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }
}
