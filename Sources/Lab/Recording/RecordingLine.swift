import Foundation

/// A line of a recording.
enum RecordingLine: Hashable {
    struct Header: Hashable {
        var format: Int
        var engine: Int
        var lab: String
        var seed: UInt64
        var source: String
        /// What the footer's checksum is; nil for a recording from before there was one.
        var sum: String?
        /// The real network that it was, of a recording of what happened there; nil for one that replays.
        var network: String?
    }

    /// How a timeline ended.
    struct Footer: Hashable {
        var events: Int
        /// 16 hexadecimal digits.
        var digest: String
        var outcome: Outcome
        /// Whether that was the lab's end.
        var isOver: Bool
        /// The time to which it had come, in nanoseconds; nil where nobody wrote it down.
        var time: Int64?
    }

    /// How a run on a real network ended.
    struct RealEnd: Hashable, Sendable {
        var events: Int
        /// The time to which it had come, in nanoseconds.
        var time: Int64
        var outcome: Outcome
        /// Whether that was the lab's end.
        var isOver: Bool
        /// Why it could not go on, where it could not.
        var error: String?
        /// Which congestion control its sockets had.
        var congestion: [CongestionUse] = []
        /// How its programs stood.
        var programs: [RunReport.ProgramResult] = []
        /// How late its wire was, where it had one.
        var late: RunReport.Lateness?
        /// Probes of the tail that its hosts' kernels have sent, where it had a wire.
        var tailProbes: Int64?
    }

    case header(Header)
    /// What happened: the records of so many events, as bytes.
    case events(first: Int, count: Int, Data)
    /// The end of a recording of what happened.
    case realEnd(RealEnd)
    case intervention(event: Int, time: Int64, action: String)
    case checkpoint(event: Int, digest: String)
    /// What follows belongs to a new timeline that has another's events up to this one. Without names: of the one that the
    /// lines before belong to, and by the next usual name.
    case branch(after: Int, name: String?, parent: String?)
    /// What follows belongs to this timeline.
    case timeline(String)
    /// A timeline is called otherwise from here on.
    case rename(String, to: String)
    /// A timeline is forgotten.
    case forget(String)
    /// How a timeline ended that was not the last to be gone on with.
    case end(of: String, Footer)
    /// The recording's end, and how the timeline ended that the lines before belong to.
    case footer(Footer)

    /// All fields of all kinds of line; which are there says the kind, and none is there that is not of it.
    private struct Fields: Codable {
        var peerlab_recording: Int?
        var engine: Int?
        var lab: String?
        var seed: UInt64?
        var source: String?
        var sum: String?
        var network: String?
        var first: Int?
        var records: String?
        var error: String?
        var congestion: [CongestionUse]?
        var programs: [RunReport.ProgramResult]?
        var wire_late_ns: RunReport.Lateness?
        var tail_probes: Int64?
        var event: Int?
        var t_ns: Int64?
        var `do`: String?
        var checkpoint: Int?
        var digest: String?
        var branch_after: Int?
        var branch: String?
        var from: String?
        var timeline: String?
        var rename: String?
        var to: String?
        var forget: String?
        var end: String?
        var events: Int?
        var outcome: Outcome?
        var over: Bool?

        mutating func put(_ footer: Footer) {
            t_ns = footer.time
            over = footer.isOver
            events = footer.events
            digest = footer.digest
            outcome = footer.outcome
        }

        var footer: Footer? {
            guard let events, let digest, let outcome, events >= 0, RecordingLine.isDigest(digest), t_ns ?? 0 >= 0
            else { return nil }
            return Footer(events: events, digest: digest, outcome: outcome, isOver: over ?? false, time: t_ns)
        }
    }

    /// The line as JSON, with its line feed.
    func encoded() -> Data {
        var fields = Fields()
        switch self {
        case .header(let header):
            fields.peerlab_recording = header.format
            fields.engine = header.engine
            fields.lab = header.lab
            fields.seed = header.seed
            fields.source = header.source
            fields.sum = header.sum
            fields.network = header.network
        case .events(let first, let count, let bytes):
            fields.first = first
            fields.events = count
            fields.records = bytes.base64EncodedString()
            fields.sum = Self.sum(of: bytes)
        case .realEnd(let end):
            (fields.events, fields.t_ns, fields.outcome, fields.over) = (end.events, end.time, end.outcome, end.isOver)
            fields.error = end.error
            if !end.congestion.isEmpty { fields.congestion = end.congestion }
            if !end.programs.isEmpty { fields.programs = end.programs }
            fields.wire_late_ns = end.late
            fields.tail_probes = end.tailProbes
        case .intervention(let event, let time, let action):
            fields.event = event
            fields.t_ns = time
            fields.do = action
        case .checkpoint(let event, let digest):
            fields.checkpoint = event
            fields.digest = digest
        case .branch(let event, let name, let parent):
            fields.branch_after = event
            fields.branch = name
            fields.from = parent
        case .timeline(let name): fields.timeline = name
        case .rename(let name, let new):
            fields.rename = name
            fields.to = new
        case .forget(let name): fields.forget = name
        case .end(let name, let footer):
            fields.end = name
            fields.put(footer)
        case .footer(let footer): fields.put(footer)
        }
        var data = (try? JSONText().data(fields)) ?? Data()
        data.append(0x0A)
        return data
    }

    /// Reads a line; nil when it is not one of a recording.
    init?(_ text: Data) {
        guard let object = try? JSONDecoder().decode(Object.self, from: text) else { return nil }
        let (fields, names) = (object.fields, object.names)
        if let format = fields.peerlab_recording {
            // Another version may have other fields: it is told by its number.
            self = .header(
                Header(
                    format: format, engine: fields.engine ?? 0, lab: fields.lab ?? "", seed: fields.seed ?? 0,
                    source: fields.source ?? "", sum: fields.sum, network: fields.network))
            let needed: Set = ["peerlab_recording", "engine", "lab", "seed", "source"]
            guard format != Recorder.format || names.subtracting(["sum"]) == needed,
                format != RealRecorder.format || names == needed.union(["sum", "network"])
            else { return nil }
        } else if let first = fields.first, let count = fields.events, let text = fields.records, let sum = fields.sum {
            guard names == ["first", "events", "records", "sum"], first >= 0, count > 0,
                let bytes = Data(base64Encoded: text), Self.sum(of: bytes) == sum
            else { return nil }
            self = .events(first: first, count: count, bytes)
        } else if fields.digest == nil, let events = fields.events, let time = fields.t_ns,
            let outcome = fields.outcome,
            let isOver = fields.over
        {
            let others: Set = ["sum", "error", "congestion", "programs", "wire_late_ns", "tail_probes"]
            guard names.subtracting(others) == ["events", "t_ns", "outcome", "over"], events >= 0, time >= 0 else {
                return nil
            }
            self = .realEnd(
                RealEnd(
                    events: events, time: time, outcome: outcome, isOver: isOver, error: fields.error,
                    congestion: fields.congestion ?? [], programs: fields.programs ?? [], late: fields.wire_late_ns,
                    tailProbes: fields.tail_probes))
        } else if let action = fields.do, let event = fields.event, let time = fields.t_ns {
            guard names == ["do", "event", "t_ns"] else { return nil }
            self = .intervention(event: event, time: time, action: action)
        } else if let checkpoint = fields.checkpoint, let digest = fields.digest {
            guard names == ["checkpoint", "digest"], checkpoint >= 0, Self.isDigest(digest) else { return nil }
            self = .checkpoint(event: checkpoint, digest: digest)
        } else if let event = fields.branch_after {
            guard names == ["branch_after"] || names == ["branch", "branch_after", "from"], event >= 0 else {
                return nil
            }
            self = .branch(after: event, name: fields.branch, parent: fields.from)
        } else if let name = fields.timeline {
            guard names == ["timeline"] else { return nil }
            self = .timeline(name)
        } else if let name = fields.rename, let new = fields.to {
            guard names == ["rename", "to"] else { return nil }
            self = .rename(name, to: new)
        } else if let name = fields.forget {
            guard names == ["forget"] else { return nil }
            self = .forget(name)
        } else if let footer = fields.footer {
            let needed: Set = ["events", "digest", "outcome"]
            if let name = fields.end {
                guard names.subtracting(["over", "t_ns"]) == needed.union(["end"]) else { return nil }
                self = .end(of: name, footer)
            } else {
                guard names.subtracting(["over", "t_ns", "sum"]) == needed else { return nil }
                self = .footer(footer)
            }
        } else {
            return nil
        }
    }

    /// What a line of events has beside their bytes, so that nothing is made of others.
    private static func sum(of bytes: Data) -> String {
        var sum = ContentSum()
        sum.mix(bytes)
        return sum.text
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// A line's fields, and the names of all that are there, known or not.
    private struct Object: Decodable {
        struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        var fields: Fields
        var names: Set<String>

        init(from decoder: any Decoder) throws {
            fields = try Fields(from: decoder)
            names = Set(try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue))
        }
    }

    /// Whether a line that does not end may be what is left of one: an object begins with it, and does not end in it.
    static func isTorn(_ text: Data) -> Bool {
        guard text.first == UInt8(ascii: "{") else { return false }
        var (isString, isEscaped) = (false, false)
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if isString, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isString.toggle()
            } else if !isString, byte == UInt8(ascii: "}") {
                return false
            }
        }
        return true
    }
}
