import PeerNetworking

/// The time–sequence graph of a direction of a connection, drawn.
struct SequencePicture {
    private let graph: SequenceGraph
    private let connection: ConnectionID
    private let width: Double
    private let top: Double

    /// Pixels.
    static let height = 420.0
    private static let left = 120.0
    private static let right = 60.0
    private static let legend = 44.0
    private static let bottom = 30.0
    private static let ticks = 5

    init(_ graph: SequenceGraph, _ connection: ConnectionID, width: Double, top: Double) {
        (self.graph, self.connection, self.width, self.top) = (graph, connection, width, top)
    }

    private var plotTop: Double { top + Self.legend }
    private var plotHeight: Double { Self.height - Self.legend - Self.bottom }
    private var plotWidth: Double { width - Self.left - Self.right }

    /// The times that have something.
    private var times: ClosedRange<Int64> {
        let all = graph.marks.map(\.time) + graph.acknowledgements.map(\.time)
        guard let first = all.min(), let last = all.max() else { return 0...1 }
        return first...max(first + 1, last)
    }

    private var most: Int64 {
        max(1, graph.marks.map(\.bytes.upperBound).max() ?? 1, graph.acknowledgements.map(\.number).max() ?? 1)
    }

    var text: String {
        let (times, most) = (times, most)
        func x(_ time: Int64) -> Double {
            Self.left + Double(time - times.lowerBound) / Double(times.upperBound - times.lowerBound) * plotWidth
        }
        func y(_ number: Int64) -> Double {
            plotTop + plotHeight - Double(min(max(number, 0), most)) / Double(most) * plotHeight
        }
        var text = SVGText.text(16, top + 12, "\(connection), what its \(graph.sender) sends", "head")
        text += legend
        for tick in 0...Self.ticks {
            let number = most * Int64(tick) / Int64(Self.ticks)
            let time = times.lowerBound + (times.upperBound - times.lowerBound) * Int64(tick) / Int64(Self.ticks)
            text += SVGText.line(Self.left, y(number), Self.left + plotWidth, y(number), tick == 0 ? "axis" : "grid")
            text += SVGText.text(Self.left - 10, y(number) + 4, "\(number)", "time")
            text += SVGText.line(x(time), plotTop, x(time), plotTop + plotHeight, tick == 0 ? "axis" : "grid")
            text += SVGText.text(x(time), plotTop + plotHeight + 20, TimeText.clock(time), "middle")
        }
        text += SVGText.path(stairs(graph.acknowledgements.map { ($0.time, $0.number) }, x, y), "acked")
        text += SVGText.path(
            stairs(graph.acknowledgements.filter { $0.edge <= most }.map { ($0.time, $0.edge) }, x, y), "edge")
        for mark in graph.marks {
            let style =
                switch mark.kind {
                case .sent: "markSent"
                case .repeated: "markAgain"
                case .lost: "markLost"
                case .selected: "markSelected"
                }
            let low = y(mark.bytes.lowerBound)
            text += SVGText.line(
                x(mark.time), low, x(mark.time), min(y(mark.bytes.upperBound), low - 1), style)
        }
        return text
    }

    private func stairs(
        _ points: [(time: Int64, number: Int64)], _ x: (Int64) -> Double, _ y: (Int64) -> Double
    ) -> [(x: Double, y: Double)] {
        var path: [(x: Double, y: Double)] = []
        for point in points {
            if let last = path.last { path.append((x(point.time), last.y)) }
            path.append((x(point.time), y(point.number)))
        }
        return path
    }

    private var legend: String {
        let parts = [
            ("sent", "markSent"), ("sent again", "markAgain"), ("lost", "markLost"), ("has come", "markSelected"),
            ("acknowledged", "acked"), ("window", "edge"),
        ]
        var (text, x) = ("", Self.left)
        for (label, style) in parts {
            text += SVGText.line(x, top + 30, x + 18, top + 30, style)
            text += SVGText.text(x + 24, top + 34, label, "")
            x += 24 + Double(label.count + 3) * SVGText.letter
        }
        return text
    }
}
