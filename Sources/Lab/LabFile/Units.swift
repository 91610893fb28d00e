/// A kind of quantity and its units, as lab files write them: a number, then a unit.
struct Scale: Sendable {
    /// Why a text is no quantity.
    struct Problem: Error, Equatable {
        var message: String
    }

    /// `duration`.
    var quantity: String
    /// `nanoseconds`: what the result counts.
    var counted: String
    /// The units, smallest first, and how many of `counted` each is.
    var units: [(name: String, factor: Int64)]
    /// What stands between number and unit when a quantity is written.
    var gap: String
    /// The units offered for a bare number.
    var usual: [String]
    /// What people write, and what they mean by it: a unit, with a factor.
    var misspelt: [String: (unit: String, factor: Int64)]
    /// Whether it may be below 0.
    var isSigned = false

    /// Reads a quantity.
    ///
    /// - Returns: the whole number of `counted` that it is; 0 or more, unless the scale is signed.
    func read(_ text: String) throws(Problem) -> Int64 {
        var rest = text[...]
        let isNegative = rest.first == "-"
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var fraction = ""[...]
        if rest.first == "." {
            fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(1 + fraction.count)
        }
        let number = text.prefix(text.count - rest.count)
        let unit = rest.drop { $0 == " " }
        guard !whole.isEmpty, number.last != ".", !unit.contains(" ") else {
            let example = "100\(gap)\(usual[0])"
            throw Problem(
                message: "\(quoted(text)) is not a \(quantity); write a number and a unit, as in '\(example)'")
        }
        guard isSigned || !isNegative else {
            throw Problem(message: "\(quoted(text)) is negative; a \(quantity) is 0 or more")
        }
        if unit.isEmpty {
            let offers = usual.map { "'\(number)\(gap)\($0)'" }
            throw Problem(message: "\(quoted(text)) has no unit; did you mean \(listing(offers, "or"))?")
        }
        guard let factor = units.first(where: { $0.name == unit })?.factor else {
            throw unknownUnit(String(unit), of: String(number))
        }
        let size = try value(whole + fraction, decimals: fraction.count, factor: factor, of: text)
        return isNegative ? -size : size
    }

    private func value(
        _ digits: Substring, decimals: Int, factor: Int64, of text: String
    ) throws(Problem) -> Int64 {
        let significant = digits.drop { $0 == "0" }
        if significant.isEmpty { return 0 }
        guard decimals <= 18, let mantissa = UInt64(significant) else {
            throw Problem(message: "\(quoted(text)) has too many digits")
        }
        let divisor = (0..<decimals).reduce(UInt64(1)) { product, _ in product * 10 }
        let product = mantissa.multipliedFullWidth(by: UInt64(factor))
        guard product.high < divisor else { throw Problem(message: "\(quoted(text)) is too large") }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        guard remainder == 0 else {
            throw Problem(message: "\(quoted(text)) is not a whole number of \(counted)")
        }
        guard let value = Int64(exactly: quotient) else { throw Problem(message: "\(quoted(text)) is too large") }
        return value
    }

    private func unknownUnit(_ unit: String, of number: String) -> Problem {
        let meant = misspelt[unit] ?? misspelt[unit.lowercased()]
        if let meant, let value = Int64(number), abs(value) < Int64.max / meant.factor {
            let offer = "\(value * meant.factor)\(gap)\(meant.unit)"
            // Who writes hours knows what is meant, and not how it is written here.
            let advice = meant.factor == 1 ? "did you mean '\(offer)'?" : "\(number)\(unit) is written '\(offer)'"
            return Problem(message: "unknown unit \(quoted(unit)); \(advice)")
        }
        return Problem(
            message: "unknown unit \(quoted(unit)); the units of a \(quantity) are \(listing(units.map(\.name)))")
    }

    /// The quantity in the largest unit that gives a whole number.
    func text(_ value: Int64) -> String {
        if value < 0 { return "-" + self.text(-value) }
        if value == 0 { return "0\(gap)\(usual[usual.count - 1])" }
        let unit = units.last { value % $0.factor == 0 } ?? units[0]
        return "\(value / unit.factor)\(gap)\(unit.name)"
    }
}

extension Scale {
    /// Durations, in nanoseconds.
    static let duration = Scale(
        quantity: "duration", counted: "nanoseconds",
        units: [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000)],
        gap: "", usual: ["ms", "s"],
        misspelt: [
            "nsec": ("ns", 1), "nanoseconds": ("ns", 1), "µs": ("us", 1), "μs": ("us", 1), "usec": ("us", 1),
            "microseconds": ("us", 1), "msec": ("ms", 1), "millis": ("ms", 1), "milliseconds": ("ms", 1),
            "sec": ("s", 1), "secs": ("s", 1), "second": ("s", 1), "seconds": ("s", 1), "min": ("m", 1),
            "mins": ("m", 1), "minute": ("m", 1), "minutes": ("m", 1), "h": ("m", 60), "hour": ("m", 60),
            "hours": ("m", 60), "d": ("m", 1_440), "day": ("m", 1_440), "days": ("m", 1_440),
        ])

    /// Durations that may be negative, in nanoseconds.
    static let signedDuration: Scale = {
        var scale = duration
        scale.isSigned = true
        return scale
    }()

    /// Sizes, in bytes.
    static let size = Scale(
        quantity: "size", counted: "bytes", units: [("B", 1), ("KiB", 1_024), ("MiB", 1_048_576)],
        gap: " ", usual: ["B"], misspelt: sizesMisspelt(suffix: ""))

    /// Sizes of a machine's memory, in bytes.
    static let memory = Scale(
        quantity: "size", counted: "bytes", units: size.units + [("GiB", 1_073_741_824)], gap: "",
        usual: ["MiB", "GiB"],
        misspelt: size.misspelt.merging(["g": ("GiB", 1), "gb": ("GiB", 1), "gib": ("GiB", 1)]) { _, second in second })

    /// Rates, in bytes a second.
    static let rate = Scale(
        quantity: "rate", counted: "bytes a second", units: [("B/s", 1), ("KiB/s", 1_024), ("MiB/s", 1_048_576)],
        gap: " ", usual: ["B/s"],
        misspelt: sizesMisspelt(suffix: "/s").merging(sizesMisspelt(suffix: "ps", to: "/s")) { first, _ in first }
            .merging([
                "b": ("B/s", 1), "kib": ("KiB/s", 1), "kb": ("KiB/s", 1), "mib": ("MiB/s", 1), "mb": ("MiB/s", 1),
            ]) { first, _ in first })

    private static func sizesMisspelt(
        suffix: String, to unitSuffix: String? = nil
    ) -> [String: (unit: String, factor: Int64)] {
        let sizes: [(String, String, Int64)] = [
            ("b", "B", 1), ("byte", "B", 1), ("bytes", "B", 1), ("k", "KiB", 1), ("kb", "KiB", 1), ("kib", "KiB", 1),
            ("m", "MiB", 1), ("mb", "MiB", 1), ("mib", "MiB", 1), ("g", "MiB", 1_024), ("gb", "MiB", 1_024),
            ("gib", "MiB", 1_024),
        ]
        let ending = unitSuffix ?? suffix
        return Dictionary(uniqueKeysWithValues: sizes.map { ($0.0 + suffix, ($0.1 + ending, $0.2)) })
    }
}
