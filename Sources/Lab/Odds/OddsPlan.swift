/// From which moments of a failing run futures are asked: first from some all along it, then, again and again, from the middle
/// of where the probability rises most.
package struct OddsPlan: Hashable, Sendable {
    /// What came of the futures of a moment.
    package struct Moment: Hashable, Sendable {
        /// The last event of its past.
        package let event: Int
        /// How many of them failed, in the same way and in another.
        package var failed = 0, failedOtherwise = 0
        /// How many are known.
        package var known = 0
    }

    /// How many futures a moment has.
    package let futures: Int
    /// The moments, in order.
    package private(set) var moments: [Moment] = []
    private let last: Int
    private var left: Int

    /// Of all moments so many are all along the run.
    private static let firstShare = 0.6

    /// - Parameters:
    ///   - last: the event with which it has failed: from 1.
    ///   - moments: how many there are at most, from 2.
    ///   - futures: how many each has, from 1.
    package init(last: Int, moments: Int, futures: Int) {
        (self.last, self.futures) = (last, futures)
        let first = min(last, max(2, Int(Double(moments) * Self.firstShare)))
        left = moments - first
        let events = first < 2 ? [1] : (0..<first).map { 1 + $0 * (last - 1) / (first - 1) }
        for event in events where moments > 0 && self.moments.last?.event != event {
            self.moments.append(Moment(event: event))
        }
    }

    /// Takes in what came of a future.
    package mutating func take(_ end: FutureTrial.End, at event: Int) {
        guard let index = moments.firstIndex(where: { $0.event == event }) else { return }
        moments[index].known += 1
        switch end {
        case .failed: moments[index].failed += 1
        case .failedOtherwise: moments[index].failedOtherwise += 1
        case .went: break
        }
    }

    /// Where the probability rises most from one moment to the next: the place of the latter; nil where it does nowhere.
    package var jump: Int? {
        let places = moments.indices.dropFirst().filter { rise(to: $0) > 0 }
        return places.max { (rise(to: $0), $1) < (rise(to: $1), $0) }
    }

    private func rise(to place: Int) -> Int { moments[place].failed - moments[place - 1].failed }

    /// The next moment that is asked, when all that are known have their futures; nil where no more are worth it.
    package mutating func refine() -> Int? {
        guard left > 0, let jump else { return nil }
        let (low, high) = (moments[jump - 1].event, moments[jump].event)
        guard high - low > 1 else { return nil }
        left -= 1
        let event = low + (high - low) / 2
        moments.insert(Moment(event: event), at: jump)
        return event
    }

    /// The first moment from which on all futures failed; nil where there is none.
    package var certain: Int? {
        let open = moments.lastIndex { $0.failed < $0.known } ?? -1
        return open + 1 < moments.count ? moments[open + 1].event : nil
    }
}
