/// Something that the report of a run says: once, for the text, the JSON object and the metrics alike.
struct Fact: Hashable {
    /// A line of the text.
    struct Line: Hashable {
        /// What stands before it: `connections`.
        var heading: String
        /// Which of several: the number of the entry.
        var entry = 0
    }

    /// What stands before a phrase in its line.
    enum Joint: String, Hashable {
        case comma = ", "
        case colon = ": "
        case space = " "
        case slash = "/"
        case none = ""
    }

    /// A sample of the metrics.
    struct Metric: Hashable {
        /// Its value.
        enum Value: Hashable {
            /// What only grows.
            case count(Int64)
            /// What may do either.
            case gauge(Double)
            /// A text, which is a label; the sample is 1.
            case text(String, label: String)
        }

        var name: String
        var labels: [Label]
        var value: Value

        /// A label and its value.
        struct Label: Hashable {
            var name: String
            var value: String
        }
    }

    /// Where it stands in the JSON object: names, and numbers in lists.
    var path: [String]
    /// The line of the text that it is in.
    var line: Line
    /// Its words there; empty where the text says it by leaving it out, or by the line's heading.
    var phrase: String
    /// What stands before it, unless it is the first of its line.
    var joint = Joint.comma
    /// Its sample; nil where it only names what others are of.
    var metric: Metric?
}

extension Fact.Metric {
    /// A sample of some labels.
    init(_ name: String, _ labels: [(String, String)] = [], _ value: Value) {
        self.name = name
        self.labels = labels.map { Label(name: $0.0, value: $0.1) }
        self.value = value
    }
}
