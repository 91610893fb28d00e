import Foundation

/// A checksum of a recording's bytes: FNV-1a of 64 bits (RFC 9923).
///
/// Each step keeps different states apart, so a single changed byte always shows. It is no defence against an adversary.
struct ContentSum: Hashable {
    /// What a recording's header calls it.
    static let name = "fnv1a64"

    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func mix(_ bytes: Data) {
        bytes.withUnsafeBytes { bytes in
            for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
    }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: In a footer

    private static let key = Data(#","sum":""#.utf8)
    private static let end = Data("\"}".utf8)
    private static let digits = 16

    /// A footer's line with the sum of all bytes before it, and of its own up to the sum.
    ///
    /// - Parameter footer: the line, without one.
    func closing(_ footer: Data) -> Data {
        var sum = self
        let body = footer.dropLast(2)
        sum.mix(body)
        return body + Self.key + Data(sum.text.utf8) + Self.end + [0x0A]
    }

    /// Whether a footer's line has the sum of all bytes before it, and of its own up to the sum.
    ///
    /// - Parameter footer: the line, without its line feed.
    func closes(_ footer: Data) -> Bool {
        var sum = self
        let body = footer.dropLast(Self.key.count + Self.digits + Self.end.count)
        sum.mix(body)
        return footer.dropFirst(body.count) == Self.key + Data(sum.text.utf8) + Self.end
    }
}
