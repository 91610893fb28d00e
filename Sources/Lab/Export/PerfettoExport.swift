import Foundation
import PeerNetworking
import SimNetwork
import TCP

/// A run as a trace: hosts are processes, ends of connections and peers their tracks with the states they are in, segments are
/// flows from side to side, faults instants, queues and windows counters.
final class PerfettoExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private let json = JSONText()
    private var isFirst = true
    private var ends = ConnectionEnds()
    private var peers: [PeerNumber: ProcessID] = [:]
    /// The state that each track is in, and whether its slice has begun.
    private var states: [Track: (name: String, isShown: Bool)] = [:]
    private var namedProcesses: Set<Int> = []
    private var namedTracks: Set<Track> = []
    private var flows: [Int64: SegmentSummary] = [:]
    /// When a queue will be empty.
    private var emptyAt: [Lane: Int64] = [:]
    private var hasBegun = false
    private var last: Int64 = 0

    /// A track: of an end of a connection, or of a peer.
    private struct Track: Hashable, Comparable {
        var process: Int
        var thread: Int

        static func < (left: Track, right: Track) -> Bool {
            (left.process, left.thread) < (right.process, right.thread)
        }
    }

    private struct Lane: Hashable {
        var link: LinkID
        var direction: LinkDirection
    }

    /// The process of the network itself; hosts count from 1.
    private static let network = 0
    /// Tracks of peers come behind those of connections.
    private static let firstPeer = 1 << 40

    init(_ scope: ExportScope) {
        self.scope = scope
        write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n")
    }

    // MARK: The events

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) {
        // What comes behind the last event that is shown changes nothing of it.
        if hasBegun, !isShown { return }
        if isShown, !hasBegun { beginSlices() }
        last = isShown ? record.time : last
        for change in record.changes { take(change, record, names, isShown) }
        guard isShown else { return }
        for note in ExportNote.notes(of: record, names) {
            let process = note.host.map(process) ?? Self.network
            emit(.instant, note.text, record.time, process, 0, category: note.isFault ? "fault" : "event") {
                $0.s = note.isFault ? "g" : "p"
            }
        }
    }

    private func take(_ change: Change, _ record: EventRecord, _ names: Names, _ isShown: Bool) {
        switch change {
        case .opened, .forgotten: ends.take(change)
        case .peerRegistered(let peer, let process, _): peers[peer] = process
        case .tcp(let connection, let side, let state):
            guard scope.includes(connection), let track = track(connection, side) else { return }
            enter(state?.description, track, "\(connection) \(side)", record.time, isShown)
        case .peer(let peer, let event, _): take(event, of: peer, record, names, isShown)
        case .sent(let segment):
            guard isShown, scope.includes(segment.connection), segment.notice == nil else { return }
            flows[segment.number] = segment
            flow(.flowStart, segment, segment.from, record.time)
        case .arrived(let number):
            guard let segment = flows.removeValue(forKey: number), isShown else { return }
            flow(.flowEnd, segment, segment.from.other, record.time)
        case .lost(let number, let reason):
            guard let segment = flows.removeValue(forKey: number), isShown,
                let track = track(segment.connection, segment.from)
            else { return }
            emit(
                .instant, "lost \(ThingNames.segment(segment)): \(reason)", record.time, track.process, track.thread,
                category: "loss"
            ) { $0.s = "t" }
        case .end(let connection, let side, let change):
            guard isShown, scope.includes(connection), let track = track(connection, side) else { return }
            for level in [EndLevel.congestionWindow, .inFlight, .received] where change.fields.contains(.level(level)) {
                count(
                    "\(connection) \(side) \(level.label)", Int64(change.levels[level]), record.time, track.process)
            }
        case .queue(let link, let direction, let bytes, let until):
            guard isShown else { return }
            let lane = Lane(link: link, direction: direction)
            let name = "queue \(names.name(link, direction))"
            if let empty = emptyAt[lane], empty < record.time { count(name, 0, empty, Self.network) }
            count(name, bytes, record.time, Self.network)
            emptyAt[lane] = until
        case .name, .action, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening,
            .backlog, .unasked, .failed, .delayed, .forwarded, .duplicated, .corrupted, .marked, .held, .shaped,
            .clogged, .hostClogged, .partition, .standing, .struck, .draw, .fault:
            break
        }
    }

    private func take(
        _ event: PeerEvent, of peer: PeerNumber, _ record: EventRecord, _ names: Names, _ isShown: Bool
    ) {
        guard let process = peers[peer], let host = names.host(of: process) else { return }
        let track = Track(process: self.process(host), thread: Self.firstPeer + Int(peer.index))
        let name = names.name(peer)
        switch event {
        case .state(let state, _): enter(state.description, track, name, record.time, isShown)
        case .sent(let message, _, _): tell("sends \(ThingNames.message(message))", track, name, record.time, isShown)
        case .delivered(let message, _, _):
            tell("takes \(ThingNames.message(message))", track, name, record.time, isShown)
        case .dropped(let message, _, _):
            tell("drops \(ThingNames.message(message))", track, name, record.time, isShown)
        case .attached, .backoff, .queued, .requeued, .acknowledged, .discarded, .suppressed, .blocked, .pressure,
            .roundTrip, .heartbeatMissed, .circuit, .refused, .degraded, .asked, .answered, .job, .progress, .finished:
            break
        }
    }

    func finish() throws(SessionError) {
        for track in states.keys.sorted() where states[track]?.isShown == true {
            emit(.end, states[track]?.name ?? "", last, track.process, track.thread)
        }
        write("\n]}\n")
    }

    // MARK: Tracks

    private func process(_ host: HostID) -> Int { Int(host.index) + 1 }

    private func track(_ connection: ConnectionID, _ side: Side) -> Track? {
        guard let host = ends.host(of: connection, side) else { return nil }
        return Track(process: process(host), thread: Int(connection.number) * 2 + (side == .client ? 0 : 1))
    }

    private func enter(_ state: String?, _ track: Track, _ name: String, _ time: Int64, _ isShown: Bool) {
        if let old = states[track], old.isShown, isShown { emit(.end, old.name, time, track.process, track.thread) }
        guard let state else {
            states[track] = nil
            return
        }
        states[track] = (state, isShown)
        labels[track] = name
        guard isShown else { return }
        self.name(track)
        emit(.begin, state, time, track.process, track.thread, category: "state")
    }

    private var labels: [Track: String] = [:]

    private func name(_ track: Track) {
        guard namedTracks.insert(track).inserted else { return }
        emit(.metadata, "thread_name", 0, track.process, track.thread) {
            $0.args = ["name": .text(self.labels[track] ?? "")]
        }
    }

    /// What was so before the first event that is shown.
    private func beginSlices() {
        hasBegun = true
        let start = max(0, scope.times.lowerBound)
        for track in states.keys.sorted() {
            guard let state = states[track] else { continue }
            states[track]?.isShown = true
            name(track)
            emit(.begin, state.name, start, track.process, track.thread, category: "state")
        }
    }

    private func tell(_ text: String, _ track: Track, _ name: String, _ time: Int64, _ isShown: Bool) {
        guard isShown else { return }
        labels[track] = name
        self.name(track)
        emit(.instant, text, time, track.process, track.thread, category: "message") { $0.s = "t" }
    }

    private func flow(_ phase: PerfettoEvent.Phase, _ segment: SegmentSummary, _ side: Side, _ time: Int64) {
        guard let track = track(segment.connection, side) else { return }
        emit(phase, EventText.kind(of: segment), time, track.process, track.thread, category: "segment") {
            $0.id = segment.number
            if phase == .flowEnd { $0.bp = "e" }
            $0.args = ["segment": .text(ThingNames.segment(segment)), "bytes": .number(Int64(segment.length))]
        }
    }

    private func count(_ name: String, _ value: Int64, _ time: Int64, _ process: Int) {
        emit(.counter, name, time, process, 0) { $0.args = ["value": .number(value)] }
    }

    private func emit(
        _ phase: PerfettoEvent.Phase, _ name: String, _ time: Int64, _ process: Int, _ thread: Int,
        category: String? = nil, _ change: (inout PerfettoEvent) -> Void = { _ in }
    ) {
        if namedProcesses.insert(process).inserted {
            let label = process == Self.network ? "network" : scope.lab.topology.hosts[process - 1].name
            put(
                PerfettoEvent(
                    name: "process_name", ph: .metadata, ts: 0, pid: process, tid: 0, args: ["name": .text(label)]))
        }
        var event = PerfettoEvent(
            name: name, cat: category, ph: phase, ts: Double(time) / 1_000, pid: process, tid: thread)
        change(&event)
        put(event)
    }

    private func put(_ event: PerfettoEvent) {
        guard let data = try? json.data(event) else { return }
        if !isFirst { write(",\n") }
        isFirst = false
        output.append(data)
    }
}
