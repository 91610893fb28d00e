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
    }

    case header(Header)
    case intervention(event: Int, time: Int64, action: String)
    case checkpoint(event: Int, digest: String)
    /// What follows belongs to a branch that left the timeline after this event.
    case branch(after: Int)
    /// The run's end: the time to which it had come, nil where nobody wrote it down, and whether that was the lab's end.
    case footer(events: Int, digest: String, outcome: Outcome, isOver: Bool, time: Int64?)

    /// All fields of all kinds of line; which are there says the kind, and none is there that is not of it.
    private struct Fields: Codable {
        var peerlab_recording: Int?
        var engine: Int?
        var lab: String?
        var seed: UInt64?
        var source: String?
        var sum: String?
        var event: Int?
        var t_ns: Int64?
        var `do`: String?
        var checkpoint: Int?
        var digest: String?
        var branch_after: Int?
        var events: Int?
        var outcome: Outcome?
        var over: Bool?
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
        case .intervention(let event, let time, let action):
            fields.event = event
            fields.t_ns = time
            fields.do = action
        case .checkpoint(let event, let digest):
            fields.checkpoint = event
            fields.digest = digest
        case .branch(let event):
            fields.branch_after = event
        case .footer(let events, let digest, let outcome, let isOver, let time):
            fields.t_ns = time
            fields.over = isOver
            fields.events = events
            fields.digest = digest
            fields.outcome = outcome
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
                    source: fields.source ?? "", sum: fields.sum))
            let needed: Set = ["peerlab_recording", "engine", "lab", "seed", "source"]
            guard format != Recorder.format || names.subtracting(["sum"]) == needed else { return nil }
        } else if let action = fields.do, let event = fields.event, let time = fields.t_ns {
            guard names == ["do", "event", "t_ns"] else { return nil }
            self = .intervention(event: event, time: time, action: action)
        } else if let checkpoint = fields.checkpoint, let digest = fields.digest {
            guard names == ["checkpoint", "digest"], checkpoint >= 0, Self.isDigest(digest) else { return nil }
            self = .checkpoint(event: checkpoint, digest: digest)
        } else if let event = fields.branch_after {
            guard names == ["branch_after"], event >= 0 else { return nil }
            self = .branch(after: event)
        } else if let events = fields.events, let digest = fields.digest, let outcome = fields.outcome {
            guard names.subtracting(["over", "t_ns", "sum"]) == ["events", "digest", "outcome"], events >= 0,
                Self.isDigest(digest), fields.t_ns ?? 0 >= 0
            else { return nil }
            self = .footer(
                events: events, digest: digest, outcome: outcome, isOver: fields.over ?? false,
                time: fields.t_ns)
        } else {
            return nil
        }
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
