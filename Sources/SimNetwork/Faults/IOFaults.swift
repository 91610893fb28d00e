/// What is done to reads and writes of a process or a connection.
final class IOFaults {
    /// Bytes a second that reads are held to; 0 for no limit.
    @exclusivity(unchecked) var readRate: Int64 = 0 { didSet { refresh() } }
    /// No read before this time, while a rate limits it.
    @exclusivity(unchecked) var nextReadAt: Int64 = 0
    @exclusivity(unchecked) var shortRead: ShortIO? { didSet { refresh() } }
    @exclusivity(unchecked) var shortWrite: ShortIO? { didSet { refresh() } }
    @exclusivity(unchecked) var close: RandomClose? { didSet { refresh() } }
    /// Nothing is done.
    @exclusivity(unchecked) private(set) var isNeutral = true

    /// Nothing, for draws that are forced.
    static var neutral: IOFaults { IOFaults() }

    private func refresh() { isNeutral = readRate == 0 && shortRead == nil && shortWrite == nil && close == nil }
}
