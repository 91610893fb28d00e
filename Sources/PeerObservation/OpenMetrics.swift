public import CoreMetrics
import Histogram
import Synchronization

/// A backend of swift-metrics that keeps what it is given, and writes it in the OpenMetrics text format
/// (version 1.0.0, `application/openmetrics-text`): counters, gauges, and for timers and recorders summaries
/// with quantiles of an HDR histogram.
///
/// Timers are written in seconds, as OpenMetrics wants; their names end in `_seconds`.
public final class OpenMetrics: MetricsFactory {
    private let families = Mutex<[Family]>([])
    private let descriptions: [(name: String, words: String)]

    /// Makes an empty one.
    ///
    /// - Parameter descriptions: what each metric is, by its name.
    public init(descriptions: [(name: String, words: String)] = []) {
        self.descriptions = descriptions
    }

    /// The quantiles that summaries have.
    public static let quantiles = [0.5, 0.9, 0.99, 0.999, 1]

    private enum Kind: String {
        case counter
        case gauge
        case summary
    }

    /// The metrics of one name.
    private struct Family {
        var name: String
        var kind: Kind
        var series: [(labels: String, value: any Sample)]
    }

    private func series<Value: Sample>(
        _ label: String, _ dimensions: [(String, String)], _ kind: Kind, _ make: () -> Value
    ) -> Value {
        let name = OpenMetrics.name(label)
        let labels = OpenMetrics.text(of: dimensions)
        return families.withLock { families in
            let family: Int
            if let known = families.firstIndex(where: { $0.name == name }) {
                family = known
            } else {
                family = families.count
                families.append(Family(name: name, kind: kind, series: []))
            }
            if let known = families[family].series.first(where: { $0.labels == labels })?.value as? Value {
                return known
            }
            let value = make()
            families[family].series.append((labels, value))
            return value
        }
    }

    /// Everything in the text format, its end mark included; families and series in the order of their names.
    public var text: String {
        var text = ""
        for family in families.withLock({ $0 }).sorted(by: { $0.name < $1.name }) {
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            if family.name.hasSuffix("_seconds") { text += "# UNIT \(family.name) seconds\n" }
            if let words = descriptions.first(where: { $0.name == family.name })?.words {
                text += "# HELP \(family.name) \(OpenMetrics.escaped(words))\n"
            }
            for series in family.series.sorted(by: { $0.labels < $1.labels }) {
                for line in series.value.lines(family.name, series.labels) { text += line + "\n" }
            }
        }
        return text + "# EOF\n"
    }

    // MARK: Names and labels

    /// A name of letters, digits and underscores, and no `_total` of its own.
    private static func name(_ label: String) -> String {
        var name = label.hasSuffix("_total") ? String(label.dropLast(6)) : label
        if let first = name.utf8.first, (0x30...0x39).contains(first) { name = "_" + name }
        return String(
            name.map { character in
                let isAllowed = character.isASCII && (character.isLetter || character.isNumber) || character == "_"
                return isAllowed ? character : "_"
            })
    }

    private static func text(of dimensions: [(String, String)]) -> String {
        dimensions.map { "\(name($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    fileprivate static func line(_ name: String, _ labels: String, _ value: String, and more: String = "") -> String {
        let all = [labels, more].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "\(name) \(value)" : "\(name){\(all)} \(value)"
    }

    // MARK: MetricsFactory

    /// Makes or finds a counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { CounterSample() }
    }

    /// Makes or finds a counter of parts.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { FloatingPointCounterSample() }
    }

    /// Makes or finds a gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSample() }
    }

    /// Makes or finds a summary, or a gauge where nothing is to be aggregated.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return series(label, dimensions, .summary) { SummarySample(scale: 1) } }
        return series(label, dimensions, .gauge) { GaugeSample() }
    }

    /// Makes or finds a summary of times.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .summary) { SummarySample(scale: 1e-9) }
    }

    /// Keeps what was counted: a scrape comes later.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps what was counted.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Keeps what was set last.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Keeps what was recorded.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps what was recorded.
    public func destroyTimer(_ handler: any TimerHandler) {}
}

/// A series, and how it is written.
private protocol Sample: Sendable {
    func lines(_ name: String, _ labels: String) -> [String]
}

private final class CounterSample: CounterHandler, Sample {
    private let count = Mutex<Int64>(0)

    func increment(by amount: Int64) { count.withLock { $0 &+= amount } }
    func reset() { count.withLock { $0 = 0 } }

    func lines(_ name: String, _ labels: String) -> [String] {
        [OpenMetrics.line("\(name)_total", labels, "\(count.withLock { $0 })")]
    }
}

private final class FloatingPointCounterSample: FloatingPointCounterHandler, Sample {
    private let count = Mutex<Double>(0)

    func increment(by amount: Double) { count.withLock { $0 += amount } }
    func reset() { count.withLock { $0 = 0 } }

    func lines(_ name: String, _ labels: String) -> [String] {
        [OpenMetrics.line("\(name)_total", labels, "\(count.withLock { $0 })")]
    }
}

private final class GaugeSample: MeterHandler, RecorderHandler, Sample {
    private let value = Mutex<Double>(0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func lines(_ name: String, _ labels: String) -> [String] {
        [OpenMetrics.line(name, labels, OpenMetricsNumber.text(value.withLock { $0 }))]
    }
}

private final class SummarySample: TimerHandler, RecorderHandler, Sample {
    private let scale: Double
    private struct State {
        /// Three significant digits, as Histogram's own examples have it.
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var sum: Double = 0
    }
    private let state = Mutex(State())

    init(scale: Double) {
        self.scale = scale
    }

    func recordNanoseconds(_ duration: Int64) { record(duration) }

    func record(_ value: Int64) {
        state.withLock { state in
            state.histogram.record(UInt64(max(0, value)))
            state.sum += Double(value)
        }
    }

    func record(_ value: Double) { record(Int64(value)) }

    func lines(_ name: String, _ labels: String) -> [String] {
        state.withLock { state in
            let quantiles = OpenMetrics.quantiles.map { quantile in
                let value = Double(state.histogram.valueAtPercentile(quantile * 100)) * scale
                return OpenMetrics.line(name, labels, OpenMetricsNumber.text(value), and: "quantile=\"\(quantile)\"")
            }
            return quantiles + [
                OpenMetrics.line("\(name)_sum", labels, OpenMetricsNumber.text(state.sum * scale)),
                OpenMetrics.line("\(name)_count", labels, "\(state.histogram.totalCount)"),
            ]
        }
    }
}

/// Numbers as OpenMetrics writes them.
private enum OpenMetricsNumber {
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
