import Foundation

/// A line of a recording.
enum RecordingLine: Hashable {
    struct Header: Hashable {
        var format: Int
        var engine: Int
        var lab: String
        var seed: UInt64
        var source: String
    }

    case header(Header)
    case intervention(event: Int, time: Int64, action: String)
    case checkpoint(event: Int, digest: String)
    /// What follows belongs to a branch that left the timeline after this event.
    case branch(after: Int)
    /// The run's end: the time to which it had come, nil where nobody wrote it down, and whether that was the lab's end.
    case footer(events: Int, digest: String, outcome: String, isOver: Bool, time: Int64?)

    /// All fields of all kinds of line; which are there says the kind.
    private struct Fields: Codable {
        var peerlab_recording: Int?
        var engine: Int?
        var lab: String?
        var seed: UInt64?
        var source: String?
        var event: Int?
        var t_ns: Int64?
        var `do`: String?
        var checkpoint: Int?
        var digest: String?
        var branch_after: Int?
        var events: Int?
        var outcome: String?
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
        guard let fields = try? JSONDecoder().decode(Fields.self, from: text) else { return nil }
        if let format = fields.peerlab_recording {
            self = .header(
                Header(
                    format: format, engine: fields.engine ?? 0, lab: fields.lab ?? "", seed: fields.seed ?? 0,
                    source: fields.source ?? ""))
        } else if let action = fields.do, let event = fields.event, let time = fields.t_ns {
            self = .intervention(event: event, time: time, action: action)
        } else if let checkpoint = fields.checkpoint, let digest = fields.digest {
            self = .checkpoint(event: checkpoint, digest: digest)
        } else if let event = fields.branch_after {
            self = .branch(after: event)
        } else if let events = fields.events, let digest = fields.digest, let outcome = fields.outcome {
            self = .footer(
                events: events, digest: digest, outcome: outcome, isOver: fields.over ?? false,
                time: fields.t_ns)
        } else {
            return nil
        }
    }
}
