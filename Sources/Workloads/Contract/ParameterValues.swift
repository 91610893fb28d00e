/// A time in a workload's parameters, with its unit in lab files: `100ms`. From 0 to an hour, where no bounds are given.
public struct TimeSpan: Hashable, Sendable, Codable {
    /// The time in nanoseconds.
    public var nanoseconds: Int64

    /// A time in nanoseconds.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// So many milliseconds.
    public static func milliseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000_000) }

    /// So many seconds.
    public static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000_000_000) }

    /// No time.
    public static let zero = TimeSpan(nanoseconds: 0)

    /// The time as the contract takes it.
    public var duration: Duration { .nanoseconds(nanoseconds) }

    /// Its bounds, where no others are given: 0 to an hour.
    public static let bounds = Int64(0)...Int64(3_600_000_000_000)
}

/// A number of bytes in a workload's parameters, with its unit in lab files: `4 MiB`. From 1 B to 1 TiB, where no bounds are
/// given.
public struct ByteCount: Hashable, Sendable, Codable {
    /// The bytes.
    public var bytes: UInt64

    /// So many bytes.
    public init(bytes: UInt64) { self.bytes = bytes }

    /// Its bounds, where no others are given: 1 B to 1 TiB.
    public static let bounds = Int64(1)...Int64(1_099_511_627_776)
}

/// The size of a message in a workload's parameters, in bytes; a unit may stand behind it in lab files: `64`, `1 KiB`. From 0
/// to the most that a frame may carry, 16 MiB, where no bounds are given.
public struct MessageSize: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
    /// The bytes.
    public var bytes: Int

    /// So many bytes.
    public init(bytes: Int) { self.bytes = bytes }

    /// So many bytes.
    public init(integerLiteral bytes: Int) { self.bytes = bytes }

    /// Its bounds, where no others are given: 0 to 16 MiB.
    public static let bounds = Int64(0)...Int64(16_777_216)
}

/// One or several of something in a workload's parameters: `news`, or `[news, weather]`.
public struct OneOrMore<Element: Codable & Hashable & Sendable>: Hashable, Sendable, Codable {
    /// All of them; a lab file may give an empty list.
    public var all: [Element]

    /// Makes one of them all.
    public init(_ all: [Element]) { self.all = all }

    /// Reads a list, or one value.
    public init(from decoder: any Decoder) throws {
        guard var list = try? decoder.unkeyedContainer() else {
            all = [try decoder.singleValueContainer().decode(Element.self)]
            return
        }
        all = []
        while !list.isAtEnd { all.append(try list.decode(Element.self)) }
    }

    /// Writes a list, or one value.
    public func encode(to encoder: any Encoder) throws {
        if all.count == 1 {
            var container = encoder.singleValueContainer()
            try container.encode(all[0])
        } else {
            var container = encoder.unkeyedContainer()
            for element in all { try container.encode(element) }
        }
    }
}
