/// Where the parts of a space-time diagram stand: in order of time, each text on a line of its own, and between them as much
/// room as tells short waits from long ones.
struct SpaceTimeRows {
    /// A line with a text.
    struct Row {
        enum What {
            case flight(Int)
            case note(Int)
        }

        var what: What
        var time: Int64
        var y: Double
        /// It is the first of its time.
        var showsTime: Bool
    }

    private(set) var rows: [Row] = []
    private(set) var height: Double = 0
    private var ends: [Double]

    private enum Moment {
        case row(Row.What)
        case end(Int)
    }

    init(_ diagram: SpaceTime, height rowHeight: Double) {
        ends = Array(repeating: 0, count: diagram.flights.count)
        var moments: [(time: Int64, order: Int, what: Moment)] = []
        for (place, flight) in diagram.flights.enumerated() {
            moments.append((flight.sentAt, moments.count, .row(.flight(place))))
            if let end = flight.endedAt { moments.append((end, moments.count, .end(place))) }
        }
        for (place, note) in diagram.notes.enumerated() {
            moments.append((note.time, moments.count, .row(.note(place))))
        }
        moments.sort { ($0.time, $0.order) < ($1.time, $1.order) }
        // A wait of a hundredth of the whole takes a line more, three at most.
        let span = max(1, (moments.last?.time ?? 0) - (moments.first?.time ?? 0))
        var (y, last): (Double, Int64?) = (0, nil)
        var lastTold: Int64?
        for moment in moments {
            if let last { y += min(3 * rowHeight, Double(moment.time - last) / Double(span) * 100 * rowHeight) }
            last = moment.time
            switch moment.what {
            case .row(let what):
                y += rowHeight
                rows.append(Row(what: what, time: moment.time, y: y, showsTime: moment.time != lastTold))
                lastTold = moment.time
            case .end(let place):
                y += 4
                ends[place] = y
            }
        }
        height = y + rowHeight
        for (place, flight) in diagram.flights.enumerated() where flight.endedAt == nil { ends[place] = height }
    }

    /// Where a flight ends.
    func end(ofFlight place: Int) -> Double { ends[place] }
}
