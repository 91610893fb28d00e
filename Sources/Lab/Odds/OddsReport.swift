import SimNetwork

/// How probable a failure was, from moment to moment.
package struct OddsReport: Hashable, Codable, Sendable {
    /// A moment, and what came of its futures.
    package struct Moment: Hashable, Codable, Sendable {
        /// The last event of its past.
        package var event: Int
        /// Its time, in nanoseconds.
        package var t_ns: Int64
        /// How many futures failed in the same way, and in another.
        package var failed, failed_otherwise: Int
        /// Between what the probability lies, 19 times of 20.
        package var low, high: Double
    }

    /// Where the probability rises most.
    package struct Jump: Hashable, Codable, Sendable {
        /// Behind which event it does, and with which at the latest.
        package var after, by: Int
        /// The events between the two, in words, where they are few.
        package var events: [String]
    }

    /// The lab and the seed.
    package var lab: String
    package var seed: UInt64
    /// In which way the run failed.
    package var signature: String
    /// How many futures each moment has.
    package var futures: Int
    /// The moments, in order.
    package var moments: [Moment]
    /// Where it became likely; null where it nowhere did.
    @OrNull package var likely: Jump?
    /// The first moment from which on all futures failed; null where there is none.
    @OrNull package var certain: Int?

    /// - Parameters:
    ///   - plan: all of whose futures are known.
    ///   - snapshot: of the run that failed, with its past.
    package init(_ plan: OddsPlan, of failure: RunFailure, in snapshot: Snapshot) {
        (lab, seed, signature, futures) = (snapshot.lab.name, snapshot.seed, failure.signature.text, plan.futures)
        moments = plan.moments.map { moment in
            let interval = WilsonInterval(moment.failed, of: moment.known)
            return Moment(
                event: moment.event, t_ns: snapshot.records.time(ofEvent: moment.event), failed: moment.failed,
                failed_otherwise: moment.failedOtherwise, low: interval.low, high: interval.high)
        }
        certain = plan.certain
        likely = plan.jump.map { place in
            let (after, by) = (plan.moments[place - 1].event, plan.moments[place].event)
            let text = EventText(snapshot)
            let events: [String] =
                by - after > Self.mostEvents
                ? []
                : (after + 1...by).map { number in
                    let record = snapshot.records[event: number]
                    return
                        "\(ThingNames.event(number))  \(TimeText.clock(record.time)) s: \(text.line(of: record).text)"
                }
            return Jump(after: after, by: by, events: events)
        }
    }

    /// Events of a jump that are told, at most.
    private static let mostEvents = 4

    // MARK: For people

    /// The report for people.
    ///
    /// - Parameter look: the command that opens the screen at an event, up to its number; nil where there is none.
    package func text(look: String?) -> String {
        var lines = [
            "odds of \(signature): \(lab), seed \(seed)",
            "  \(NumberText.count(futures, "future")) from each of \(NumberText.count(moments.count, "moment"))", "",
            "  " + sparkline, "",
        ]
        let places = moments.map { ThingNames.event($0.event) }
        let width = places.map(\.count).max() ?? 0
        for (moment, place) in zip(moments, places) {
            let share = Self.percent(Double(moment.failed) / Double(max(1, futures)))
            let others = moment.failed_otherwise > 0 ? ", \(moment.failed_otherwise) failed otherwise" : ""
            lines.append(
                "  \(place)\(String(repeating: " ", count: width - place.count))  \(TimeText.clock(moment.t_ns)) s  \(share) % "
                    + "(\(Self.percent(moment.low))–\(Self.percent(moment.high)))\(others)")
        }
        lines.append("")
        if let likely {
            let events = likely.events.isEmpty ? "" : ":"
            lines.append(
                "  it became likely between \(ThingNames.event(likely.after)) and \(ThingNames.event(likely.by))\(events)"
            )
            lines += likely.events.map { "    \($0)" }
            if let look { lines.append("    \(look)'#\(likely.by)'") }
        } else {
            lines.append("  it was as likely all along")
        }
        lines.append(
            certain.map { "  from \(ThingNames.event($0)) on it could no longer be avoided" }
                ?? "  it could be avoided to the last")
        return lines.map { Printable.line($0) }.joined(separator: "\n")
    }

    /// A column for each moment.
    private var sparkline: String {
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(moments.map { bars[min(bars.count - 1, $0.failed * bars.count / max(1, futures))] })
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
}
