import Lab
import Screen
import SimNetwork
import TCP

extension GraphPane {
    /// What the graph is drawn with.
    struct Pens {
        let sent: DotPlot.Pen
        let acknowledged: DotPlot.Pen
        let edge: DotPlot.Pen
        let selected: DotPlot.Pen
        let repeated: DotPlot.Pen
        let lost: DotPlot.Pen
        let window: DotPlot.Pen
        let threshold: DotPlot.Pen

        init(_ glyphs: GlyphSet) {
            edge = .init(.dim, ".", rank: 0)
            acknowledged = .init(.good, "-", rank: 1)
            sent = .init(.normal, "|", rank: 2)
            selected = .init(.info, "s", rank: 3, isSign: true)
            repeated = .init(.warning, "R", rank: 4, isSign: true)
            lost = .init(.danger, glyphs.cross, rank: 5, isSign: true)
            threshold = .init(.dim, ".", rank: 0)
            window = .init(.accent1, "*", rank: 1)
        }

        func pen(of kind: SequenceGraph.Mark.Kind) -> DotPlot.Pen {
            switch kind {
            case .sent: sent
            case .selected: selected
            case .repeated: repeated
            case .lost: lost
            }
        }
    }

    /// Where everything stands in an area: labels at the left, the sequence space above, the congestion window below, the times
    /// and the legend at the bottom.
    struct Plan {
        /// The sequence space.
        let upper: Rect
        /// The congestion window.
        let lower: Rect

        private let times: ClosedRange<Int64>
        private let bytes: ClosedRange<Int64>
        private let segments: Int32

        /// Columns of the labels at the left.
        private static let labels = 9

        init(_ size: Size, _ graph: SequenceGraph) {
            let rows = max(2, size.rows - 3)
            let below = graph.congestion.isEmpty || rows < 8 ? 0 : max(3, rows / 4)
            let columns = max(1, size.columns - Self.labels)
            upper = Rect(row: 0, column: Self.labels, rows: rows - below, columns: columns)
            lower = Rect(row: rows - below, column: Self.labels, rows: below, columns: columns)
            times = graph.times
            let sent = graph.marks.map(\.bytes)
            let first = graph.acknowledgements.first?.number
            let low = min(sent.map(\.lowerBound).min() ?? .max, first ?? .max)
            let high = max(sent.map(\.upperBound).max() ?? .min, graph.acknowledgements.last?.number ?? .min)
            // The edge of the window is shown where it does not make all else small.
            let edge = graph.acknowledgements.map(\.edge).max() ?? high
            bytes = low...max(low + 1, edge - high <= (high - low) / 2 ? max(high, edge) : high)
            segments = max(2, graph.congestion.map(\.window).max() ?? 2)
        }

        private func column(_ time: Int64, in dots: Int) -> Int {
            Self.scaled(time - times.lowerBound, of: times.upperBound - times.lowerBound, to: dots - 1)
        }

        private func height(_ number: Int64, in dots: Int) -> Int {
            Self.scaled(number - bytes.lowerBound, of: bytes.upperBound - bytes.lowerBound, to: dots - 1)
        }

        private static func scaled(_ value: Int64, of whole: Int64, to dots: Int) -> Int {
            guard whole > 0, value > 0 else { return 0 }
            let product = min(value, whole).multipliedFullWidth(by: Int64(max(0, dots)))
            return Int(whole.dividingFullWidth(product).quotient)
        }

        /// The column of the area in which a time stands; nil where it is outside.
        func cell(ofTime time: Int64) -> Int? {
            times.contains(time) ? upper.column + column(time, in: 2 * upper.columns) / 2 : nil
        }

        /// How far an event is from a column.
        func distance(of event: Int, from column: Int, in snapshot: Snapshot) -> Int {
            cell(ofTime: snapshot.records[event: event].time).map { abs($0 - column) } ?? .max
        }

        // MARK: The sequence space

        func drawSequence(_ graph: SequenceGraph, _ pens: Pens, on canvas: inout Canvas) {
            var plot = DotPlot(size: canvas.bounds.size)
            drawSteps(graph.acknowledgements, \.edge, pens.edge, step: 3, to: graph.times.upperBound, in: &plot)
            drawSteps(graph.acknowledgements, \.number, pens.acknowledged, to: graph.times.upperBound, in: &plot)
            for mark in graph.marks {
                let (low, high) = (
                    height(mark.bytes.lowerBound, in: plot.height), height(mark.bytes.upperBound, in: plot.height)
                )
                plot.rise(at: column(mark.time, in: plot.width), low...max(low, high), pens.pen(of: mark.kind))
            }
            plot.draw(on: &canvas)
        }

        private func drawSteps(
            _ steps: [SequenceGraph.Acknowledgement], _ value: KeyPath<SequenceGraph.Acknowledgement, Int64>,
            _ pen: DotPlot.Pen, step: Int = 1, to end: Int64, in plot: inout DotPlot
        ) {
            for (index, this) in steps.enumerated() where this[keyPath: value] <= bytes.upperBound {
                let next = index + 1 < steps.count ? steps[index + 1] : nil
                let (from, until) = (column(this.time, in: plot.width), column(next?.time ?? end, in: plot.width))
                let at = height(this[keyPath: value], in: plot.height)
                plot.run(from...max(from, until), at: at, pen, step: step)
                if let next, step == 1 {
                    let above = height(min(next[keyPath: value], bytes.upperBound), in: plot.height)
                    plot.rise(at: until, min(at, above)...max(at, above), pen)
                }
            }
        }

        // MARK: The congestion window

        func drawCongestion(_ graph: SequenceGraph, _ pens: Pens, on canvas: inout Canvas) {
            guard canvas.bounds.rows > 0 else { return }
            var plot = DotPlot(size: canvas.bounds.size)
            var states: [(cell: Int, letter: Character)] = []
            for (index, this) in graph.congestion.enumerated() {
                let next = index + 1 < graph.congestion.count ? graph.congestion[index + 1] : nil
                let (from, until) = (
                    column(this.time, in: plot.width), column(next?.time ?? graph.times.upperBound, in: plot.width)
                )
                let at = height(ofWindow: this.window, in: plot)
                if this.threshold <= segments {
                    plot.run(
                        from...max(from, until), at: height(ofWindow: this.threshold, in: plot), pens.threshold, step: 3
                    )
                }
                plot.run(from...max(from, until), at: at, pens.window)
                if let next {
                    let other = height(ofWindow: next.window, in: plot)
                    plot.rise(at: until, min(at, other)...max(at, other), pens.window)
                }
                if let letter = Self.letter(ofRecovery: this.recovery) {
                    for cell in from / 2...max(from, until) / 2 { states.append((cell, letter)) }
                }
            }
            plot.draw(on: &canvas)
            for (cell, letter) in states {
                canvas.put(letter, at: Position(row: canvas.bounds.rows - 1, column: cell), .warning)
            }
        }

        private func height(ofWindow window: Int32, in plot: DotPlot) -> Int {
            Self.scaled(Int64(window), of: Int64(segments), to: plot.height - 1)
        }

        /// The first letter of a state of recovery; nil for Open.
        private static func letter(ofRecovery number: Int32) -> Character? {
            guard let state = LossRecovery.State(rawValue: UInt8(clamping: number)), state != .open else { return nil }
            return state.description.first
        }

        // MARK: Words

        func drawLabels(_ graph: SequenceGraph, _ pens: Pens, on canvas: inout Canvas) {
            func label(_ text: String, row: Int) {
                canvas.put(
                    text, at: Position(row: row, column: 0), .dim, width: Self.labels - 1, alignment: .trailing)
            }
            label(NumberText.bytes(bytes.upperBound), row: upper.row)
            label(NumberText.bytes(bytes.lowerBound), row: upper.row + upper.rows - 1)
            if lower.rows > 0 {
                label("cwnd \(segments)", row: lower.row)
                label("0", row: lower.row + lower.rows - 1)
            }
            let row = lower.row + lower.rows
            canvas.put(
                "\(TimeText.clock(times.upperBound)) s", at: Position(row: row, column: upper.column), .dim,
                width: upper.columns, alignment: .trailing)
            let start = TimeText.clock(times.lowerBound) + (graph.isCut ? ", more before" : "")
            canvas.put(
                start, at: Position(row: row, column: upper.column), .dim, width: min(start.count, upper.columns))
            let ascii = canvas.glyphs.isASCII
            let legend: [(Character, String, Style)] = [
                (ascii ? pens.sent.character : "⡇", "sent", pens.sent.style),
                (pens.repeated.character, "again", pens.repeated.style),
                (pens.lost.character, "lost", pens.lost.style),
                (pens.selected.character, "SACKed", pens.selected.style),
                (ascii ? pens.acknowledged.character : "⠒", "acknowledged", pens.acknowledged.style),
                (ascii ? pens.edge.character : "⠂", "window's edge", pens.edge.style),
                (ascii ? pens.window.character : "⠤", "cwnd, D C R L its state", pens.window.style),
            ]
            canvas.put(
                legend.flatMap { [Span("\($0.0) ", $0.2), Span("\($0.1)  ", .dim)] },
                at: Position(row: row + 1, column: 0), width: canvas.bounds.columns)
        }
    }
}
