package import SimNetwork

/// What a session keeps of its past, and in how much memory.
public struct LogMemory: Hashable, Sendable {
    /// Whether all of the past is kept from the beginning. Otherwise the latest events alone are, and whoever goes back
    /// further has the run done again for it.
    public var keepsPast: Bool
    /// How many bytes of memory the past takes: a quarter of it the states that going back begins at,
    /// the rest records. What is more leaves to a file.
    public var budget: Int

    /// The least that makes sense, in bytes: some chunks of records.
    public static let least = 16 << 20

    /// All of the past, in a quarter of this machine's memory.
    public static let standard = LogMemory(keepsPast: true, budget: quarter)

    /// The latest events alone, until somebody goes back.
    public static let latest = LogMemory(keepsPast: false, budget: quarter)

    /// Makes what a session is given.
    public init(keepsPast: Bool, budget: Int) {
        (self.keepsPast, self.budget) = (keepsPast, budget)
    }

    /// A quarter of the memory that the machine, and this process's control group, have.
    private static let quarter = Swift.max(least, MachineMemory.whole / 4)

    /// Bytes of it that are for records.
    private var ofRecords: Int { budget - ofKeyframes }
    /// Bytes of it that are for the states that going back begins at.
    package var ofKeyframes: Int { budget / 4 }

    /// Bytes of it that timelines beside the current one have for records that are theirs alone; what is more leaves too.
    package var ofTimelinesLeft: Int { ofRecords / 4 }

    /// How a log of the whole past is kept.
    ///
    /// - Parameter store: takes what leaves memory.
    package func whole(_ store: any RecordStore) -> LogKeeping { .stored(store, beyond: ofRecords) }
}

/// How much the past of a session takes.
public struct LogUse: Hashable, Sendable {
    /// Bytes of memory.
    public var memory: Int
    /// Bytes in a file.
    public var disk: Int
    /// Whether what should leave memory has to stay there, for it cannot be written.
    public var isDiskFull: Bool

    /// This, and as much more.
    func adding(memory: Int, disk: Int) -> LogUse {
        LogUse(memory: self.memory + memory, disk: self.disk + disk, isDiskFull: isDiskFull)
    }
}
