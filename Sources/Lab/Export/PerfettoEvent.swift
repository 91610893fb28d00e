/// An event of the Trace Event Format, which Perfetto and chrome://tracing read.
struct PerfettoEvent: Encodable {
    /// What it is: begin and end of a slice, instant, counter, a flow's start and end, a name.
    enum Phase: String, Encodable {
        case begin = "B"
        case end = "E"
        case instant = "i"
        case counter = "C"
        case flowStart = "s"
        case flowEnd = "f"
        case metadata = "M"
    }

    var name: String
    var cat: String?
    var ph: Phase
    /// Microseconds, with a fraction.
    var ts: Double
    var pid: Int
    var tid: Int
    var id: Int64?
    /// Of an instant: how far it reaches, `g` for all, `t` for its track.
    var s: String?
    /// Of a flow's end: it belongs to the slice around it.
    var bp: String?
    var args: [String: Argument]?

    /// A value beside it.
    enum Argument: Encodable {
        case number(Int64)
        case text(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }
}
