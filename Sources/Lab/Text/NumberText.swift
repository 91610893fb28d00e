/// Numbers as people read them.
package enum NumberText {
    /// Bytes in the unit that suits them: `512 B`, `64K`, `3M`.
    package static func bytes(_ count: Int64) -> String {
        if count < 10_000 { return "\(count) B" }
        return count < 10_240_000 ? "\(count / 1_024)K" : "\(count / 1_048_576)M"
    }

    /// Bytes of memory or of a disk: `512 KiB`, `2.1 GiB`.
    package static func memory(_ count: Int) -> String {
        var (tenths, unit) = (count * 10 / 1_024, 0)
        while tenths >= 10_240, unit < 3 { (tenths, unit) = (tenths / 1_024, unit + 1) }
        let number = tenths < 1_000 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
        return "\(number) \(["KiB", "MiB", "GiB", "TiB"][unit])"
    }

    /// Bytes beside a gauge: the unit goes without saying below 10,000.
    package static func level(_ count: Int64) -> String { count < 10_000 ? "\(count)" : bytes(count) }

    /// A count and its noun: `1 message`, `2 messages`. The one place that knows how a plural is made.
    package static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }
}
