import PeerNetworking
import SimNetwork
import TCP

/// What a space-time diagram shows: segments from host to host, and what happened to those.
struct SpaceTime {
    /// A segment's way from end to end.
    struct Flight {
        var from: HostID
        var to: HostID
        var sentAt: Int64
        /// When it arrived or was lost; nil while it is on its way.
        var endedAt: Int64?
        var text: String
        var isRepeat: Bool
        /// Why it was lost.
        var loss: String?
    }

    /// Something told in words.
    struct Note {
        var time: Int64
        var host: HostID?
        var text: String
        var isFault: Bool
    }

    private(set) var flights: [Flight] = []
    private(set) var notes: [Note] = []
    /// Segments and notes, those that are too many among them.
    private(set) var count = 0
    private var places: [Int64: Int] = [:]
    private var ends = ConnectionEnds()

    /// Segments and notes that a picture has at most.
    static let most = 1_000

    mutating func take(_ record: EventRecord, _ names: Names, isShown: Bool, _ scope: ExportScope) {
        if isShown {
            for note in ExportNote.notes(of: record, names) {
                count += 1
                guard count <= Self.most else { continue }
                notes.append(Note(time: record.time, host: note.host, text: note.text, isFault: note.isFault))
            }
        }
        for change in record.changes {
            ends.take(change)
            if case .sent(let segment) = change {
                if isShown, scope.includes(segment.connection) { add(segment, record.time) }
            } else if case .arrived(let number) = change {
                end(number, record.time, nil)
            } else if case .lost(let number, let reason) = change {
                end(number, record.time, reason.description)
            }
        }
    }

    private mutating func add(_ segment: SegmentSummary, _ time: Int64) {
        guard let way = ends.way(of: segment) else { return }
        count += 1
        guard count <= Self.most else { return }
        places[segment.number] = flights.count
        flights.append(
            Flight(
                from: way.from, to: way.to, sentAt: time, text: EventText.text(of: segment),
                isRepeat: segment.purpose.isRepetition))
    }

    private mutating func end(_ number: Int64, _ time: Int64, _ loss: String?) {
        guard let place = places.removeValue(forKey: number) else { return }
        flights[place].endedAt = time
        flights[place].loss = loss
    }
}
