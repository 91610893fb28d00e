/// A family of faults that strikes again and again at drawn times.
final class ChaosEpisode {
    let family: FaultFamily
    /// The run's own mean time between two strikes, in nanoseconds.
    let interval: Int64
    /// Which of the family's episodes is the next, from 1.
    var number: UInt64 = 1

    init(_ family: FaultFamily, interval: Int64) {
        self.family = family
        self.interval = interval
    }
}
