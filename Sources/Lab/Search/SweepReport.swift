/// What a sweep came to.
package struct SweepReport: Hashable, Sendable, Codable {
    /// How many seeds there were.
    package struct Seeds: Hashable, Sendable, Codable {
        /// The first and the last of those that were asked for.
        package var first, last: UInt64
        /// How many were run.
        package var run = 0
        /// How they ended.
        package var passed = 0, failed = 0, incomplete = 0, crashed = 0
    }

    /// Failures that are alike.
    package struct Group: Hashable, Sendable, Codable {
        /// In which way they failed, in a line.
        package var signature: String
        /// How many seeds did.
        package var count: Int
        /// The first of them, up to ``mostSeeds``.
        package var seeds: [UInt64]
        /// The shapes of their causes, the most frequent first.
        package var shapes: [Shape]
        /// The first of them.
        package var example: Example
        /// The recording of that one.
        @OrNull package var recording: String?

        /// Seeds that are told, at most.
        package static let mostSeeds = 100
    }

    /// How often failures had the same last causes.
    package struct Shape: Hashable, Sendable, Codable {
        /// The last causes, the newest first.
        package var shape: String
        /// How many seeds had them.
        package var count: Int
    }

    /// A seed that failed.
    package struct Example: Hashable, Sendable, Codable {
        /// The seed.
        package var seed: UInt64
        /// The event that decided it; null where that is not known.
        @OrNull package var event: Int?
        /// When it was decided, in nanoseconds; null where that is not known.
        @OrNull package var t_ns: Int64?
        /// The failure in a line.
        package var text: String
    }

    /// Which faults were met in which states.
    package struct Coverage: Hashable, Sendable, Codable {
        /// How many cells there are, and how many were reached.
        package var cells, reached: Int
        /// Those that never were.
        package var never: [String]
    }

    /// A seed that reached the cell that was looked for.
    package struct Found: Hashable, Sendable, Codable {
        /// The cell.
        package var cell: String
        /// The seed; null where none did.
        @OrNull package var seed: UInt64?
        /// The event at which it did.
        @OrNull package var event: Int?
    }

    /// The lab, and the sum of its file's text.
    package var lab, source: String
    /// The version of the engine.
    package var engine: Int
    /// How far each run went, in nanoseconds; null for the lab's end.
    @OrNull package var until_ns: Int64?
    /// How many seeds there were.
    package var seeds: Seeds
    /// How long it took.
    package var seconds: Double
    /// How many processes there were.
    package var jobs: Int
    /// The share that it is of; null for all.
    @OrNull package var shard: String?
    /// Whether it was ended before all seeds were run.
    package var interrupted: Bool
    /// The ways to fail, the most frequent first.
    package var groups: [Group]
    /// Which faults were met in which states.
    package var coverage: Coverage
    /// What was looked for; null where nothing was.
    @OrNull package var found: Found?

    /// Whether any seed failed.
    package var hasFailed: Bool { seeds.failed + seeds.crashed > 0 }

    /// The groups and their shapes in their order: the most frequent first, and then by name.
    mutating func sort() {
        for index in groups.indices {
            groups[index].shapes.sort { ($1.count, $0.shape) < ($0.count, $1.shape) }
        }
        groups.sort { ($1.count, $0.signature) < ($0.count, $1.signature) }
    }
}

extension SweepReport.Group {
    /// Takes in another group of the same signature.
    mutating func add(_ other: Self) {
        count += other.count
        seeds = Array((seeds + other.seeds).sorted().prefix(Self.mostSeeds))
        for shape in other.shapes {
            if let index = shapes.firstIndex(where: { $0.shape == shape.shape }) {
                shapes[index].count += shape.count
            } else {
                shapes.append(shape)
            }
        }
        if other.example.seed < example.seed { (example, recording) = (other.example, other.recording) }
    }
}
