package import SimNetwork

/// Draws in words.
package enum DrawText {
    /// A draw's value against its threshold, both as fractions: it fires below.
    package static func odds(of draw: DrawRecord) -> String {
        if draw.isForced { return draw.fires ? "forced" : "vetoed" }
        let value = Double(draw.value) / 4_294_967_296
        // A threshold is a fraction of 2³²: 0.3 lies a little below that.
        let threshold = draw.threshold.fraction + 0.000_001
        // As many decimals as tell the two apart: a near miss is one in the third, or far behind it.
        let decimals = [3, 6].first { fraction(value, $0) != fraction(threshold, $0) } ?? 9
        return "\(fraction(value, decimals)) \(draw.fires ? "<" : "≥") \(fraction(threshold, decimals))"
    }

    /// So many decimals, without a formatter: it stands in every line of the ledger.
    private static func fraction(_ value: Double, _ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let parts = Int((value * Double(scale)).rounded(.down))
        if parts >= scale { return "1" }
        let digits = String(parts)
        return "0." + String(repeating: "0", count: decimals - digits.count) + digits
    }
}

extension Names {
    /// What a draw was made for, and which of those of its site there it was: `client→server,c1,client,data draw 9001`.
    package func text(of draw: DrawRecord) -> String {
        draw.subject == .network ? "draw \(draw.number)" : "\(name(draw.subject)) draw \(draw.number)"
    }

    /// The two sides of a partition: `a b | c`.
    package func text(_ partition: Partition) -> String {
        [partition.first, partition.second].map { $0.map(name).joined(separator: " ") }
            .joined(separator: partition.isOneWay ? " → " : " | ")
    }
}
