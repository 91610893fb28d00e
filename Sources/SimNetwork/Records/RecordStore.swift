/// Takes parts of logs that are to leave memory, and gives them back.
///
/// What it is given stays what it is for as long as it lives; several logs with a common past may share what they gave it.
public protocol RecordStore: AnyObject, Sendable {
    /// Puts bytes away.
    ///
    /// - Returns: where they are; nil where there is no room for them, and they are to stay in memory.
    func put(_ bytes: [UInt8]) -> Int64?

    /// The bytes that were put away at a place.
    ///
    /// - Parameter count: how many they are.
    func bytes(at place: Int64, count: Int) -> [UInt8]
}

/// What of a log stays, and where.
public enum LogKeeping: Sendable {
    /// All of it, in memory.
    case everything
    /// The latest chunk or two alone: what stands before them is gone.
    case latest
    /// All of it: what takes more than so many bytes of memory leaves it, the oldest first.
    case stored(any RecordStore, beyond: Int)
}
