/// How many connections a client keeps with one server, and which of them a message takes.
public struct ConnectionPool: Hashable, Sendable {
    /// Which connection an unordered message takes.
    public enum Selection: String, Codable, Hashable, Sendable, CaseIterable {
        /// The one that holds the fewest messages, the oldest of several.
        case leastLoaded = "least-loaded"
        /// One after the other.
        case roundRobin = "round-robin"
        /// Of two drawn, the one that holds fewer: nearly as good as all of them compared, and no herd follows the last
        /// measurement (Mitzenmacher, "The Power of Two Choices", 2001).
        case randomOfTwo = "random-of-two"
    }

    /// Connections that it has at least, once it has any; 1…``maximum``.
    public var minimum: Int
    /// Connections that it has at most; 1…1,000. Another is opened when the one chosen is pressed
    /// (``PeerConfig/highWater``).
    public var maximum: Int
    /// Which connection an unordered message takes.
    public var selection: Selection
    /// How long a connection beyond the minimum may carry nothing before it is closed; 1 ms…24 h.
    public var idle: Duration

    /// One connection; or so many, with load.
    public init(
        minimum: Int = 1, maximum: Int = 1, selection: Selection = .leastLoaded, idle: Duration = .seconds(30)
    ) {
        self.minimum = minimum
        self.maximum = maximum
        self.selection = selection
        self.idle = idle
    }

    /// Checks every field.
    ///
    /// - Returns: the fields that are out of range, in the order of their declaration.
    public func validate() -> [ConfigViolation] {
        var violations: [ConfigViolation] = []
        func check(_ holds: Bool, _ field: String, _ allowed: String) {
            if !holds { violations.append(ConfigViolation(field: "pool.\(field)", allowed: allowed)) }
        }
        check((1...max(maximum, 1)).contains(minimum), "minimum", "1…pool.maximum")
        check((1...1_000).contains(maximum), "maximum", "1…1000")
        check((.milliseconds(1) ... .seconds(86_400)).contains(idle), "idle", "1ms…1440m")
        return violations
    }
}

/// The choice among connections, as a value.
struct PoolChoice {
    let selection: ConnectionPool.Selection
    private var turn = 0

    init(_ selection: ConnectionPool.Selection) {
        self.selection = selection
    }

    /// Chooses one of several by their loads, of which it asks for those alone that it compares.
    ///
    /// - Parameters:
    ///   - count: how many there are; one at least.
    ///   - load: messages that one holds.
    ///   - draw: a draw below a bound; used by random choices alone.
    mutating func next(_ count: Int, load: (Int) -> Int, draw: (Int) -> Int) -> Int {
        switch selection {
        case .leastLoaded:
            var least = (place: 0, load: load(0))
            for place in 1..<max(count, 1) {
                let load = load(place)
                if load < least.load { least = (place, load) }
            }
            return least.place
        case .roundRobin:
            defer { turn = (turn + 1) % count }
            return turn % count
        case .randomOfTwo:
            guard count > 1 else { return 0 }
            let first = draw(count)
            // Another one than the first.
            let second = (first + 1 + draw(count - 1)) % count
            return load(second) < load(first) ? second : first
        }
    }
}
