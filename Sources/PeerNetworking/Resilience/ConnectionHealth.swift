import DequeModule

/// How well a connection does.
public struct ConnectionHealth: Hashable, Sendable {
    /// From 0, as good as dead, to 1: the share of questions that were answered, times how near round trips are to what
    /// the connection has shown that it can do.
    public var score: Double
    /// The smoothed round trip (RFC 6298, α = 1/8); nil before the first.
    public var roundTrip: Duration?
    /// The shortest round trip; nil before the first.
    public var bestRoundTrip: Duration?
    /// The share of the latest questions that were answered, those apart that may still be: for half of the heartbeat's
    /// timeout; 1 before the first.
    public var answered: Double
}

/// The health of one connection as a value: questions and answers of the heartbeat go in.
struct HealthMonitor {
    /// Questions that it looks at.
    static let window = 16
    /// A round trip may be so many times the best before it counts against the connection: queues fill and empty.
    static let toleratedGrowth = 4.0

    /// How long an answer may take before its question counts as not answered.
    private let patience: Duration
    /// The latest questions, oldest first: when each was asked, and whether it was answered.
    private var questions: Deque<(asked: Instant, isAnswered: Bool)> = []
    private var smoothed: Int64?
    private var best: Int64?

    init(patience: Duration) {
        self.patience = patience
    }

    /// The other side is asked.
    mutating func ask(at now: Instant) {
        questions.append((now, false))
        if questions.count > HealthMonitor.window { questions.removeFirst() }
    }

    /// It has answered what it was asked at a time, after so many nanoseconds.
    mutating func answer(to asked: Instant, after roundTrip: Int64) {
        if let index = questions.firstIndex(where: { $0.asked == asked }) { questions[index].isAnswered = true }
        best = min(best ?? roundTrip, roundTrip)
        smoothed = smoothed.map { $0 + (roundTrip - $0) / 8 } ?? roundTrip
    }

    /// Whether it has seen enough to give a connection up: four questions that are settled.
    func isJudged(at now: Instant) -> Bool { settled(at: now).count >= 4 }

    private func settled(at now: Instant) -> [(asked: Instant, isAnswered: Bool)] {
        questions.filter { $0.isAnswered || $0.asked.duration(to: now) >= patience }
    }

    /// How well the connection does.
    func health(at now: Instant) -> ConnectionHealth {
        let settled = settled(at: now)
        let answered = settled.isEmpty ? 1 : Double(settled.count(where: \.isAnswered)) / Double(settled.count)
        var swiftness = 1.0
        if let smoothed, let best, smoothed > 0 {
            swiftness = min(1, HealthMonitor.toleratedGrowth * Double(max(best, 1)) / Double(smoothed))
        }
        return ConnectionHealth(
            score: answered * swiftness, roundTrip: smoothed.map { .nanoseconds($0) },
            bestRoundTrip: best.map { .nanoseconds($0) }, answered: answered)
    }
}
