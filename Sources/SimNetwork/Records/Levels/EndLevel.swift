/// A figure that records follow at each end of a connection.
///
/// A level is a constant in a file of its own, a line of ``all``, and a line where it is read off an endpoint
/// (`Socket.levels`); records, the state, traces and the screen take it from there.
public struct EndLevel: Hashable, Sendable {
    /// What it counts.
    public enum Unit: Hashable, Sendable {
        /// Bytes.
        case bytes
        /// Segments.
        case segments
        /// Microseconds.
        case microseconds
        /// How often.
        case times
        /// One of TCP's states of recovery, by its number.
        case recovery
    }

    /// Its bit in records, and its place among the levels of an end: no other's. From 0, below ``EndLevels/capacity``.
    let place: Int
    /// What it is called in a trace.
    public let key: String
    /// What it is called beside its value.
    public let label: String
    /// What it counts.
    public let unit: Unit

    /// All levels, in the order of their places.
    public static let all: [EndLevel] = [
        .sendQueued,
        .inFlight,
        .received,
        .retransmissions,
        .congestionWindow,
        .slowStartThreshold,
        .recovery,
        .smoothedRoundTrip,
        .roundTripDeviation,
        .retransmissionTimeout,
        .backoff,
        .sackedSegments,
        .lostSegments,
        .pipe,
    ]
}
