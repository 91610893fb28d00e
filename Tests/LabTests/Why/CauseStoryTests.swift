import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

/// Why an event happened, in words.
@Suite("Causes")
struct CauseStoryTests {
    /// A lab run to a time.
    private func run(_ lab: LabDefinition, to time: Int64 = .max) throws -> SimSession {
        let session = SimSession(lab: lab)
        _ = try session.seek(to: .time(min(time, lab.duration)))
        return session
    }

    /// The story of an event as a text.
    private func story(of event: Int, _ snapshot: Snapshot) -> String {
        CauseStory(of: event, in: snapshot).lines.map(\.text).joined(separator: "\n")
    }

    /// The first event after a time with a change that is looked for.
    private func event(in snapshot: Snapshot, after time: Int64 = 0, where isWanted: (Change) -> Bool) throws -> Int {
        let events = 1...snapshot.records.count
        return try #require(
            events.first {
                let record = snapshot.records[event: $0]
                return record.time > time && record.changes.contains(where: isWanted)
            })
    }

    private func isLoss(_ reason: LossReason) -> (Change) -> Bool {
        { if case .lost(_, reason) = $0 { true } else { false } }
    }

    @Test("A segment lost on a cut link is lost to the cut, and the cut to its line in the lab's file")
    func cut() throws {
        let session = try run(try LabsOnDisk.lab("cut"), to: 4_000_000_000)
        defer { session.close() }
        let snapshot = session.snapshot
        let cut = try event(in: snapshot) { if case .cut(_, _, true) = $0 { true } else { false } }
        let lost = try event(in: snapshot, after: 3_000_000_000 - 1, where: isLoss(.cut))
        let story = story(of: lost, snapshot)
        #expect(story.contains("  because the link was cut\n  #\(cut)  3.000 000  fault  cut  client-server\n"))
        #expect(story.contains("cut.yaml:17:5  {at: 3s, cut: client-server, for: 600ms}"))
        // What it was sent by is told beside that.
        #expect(story.contains("the timer main of ping"))
    }

    @Test("What is lost as a link is cut is lost to that, and to no earlier cut")
    func ownCut() throws {
        let lab = try LabsOnDisk.lab("cut", replacing: [("{at: 8s, cut", "{at: 8001ms, cut")])
        let session = try run(lab, to: 8_100_000_000)
        defer { session.close() }
        let snapshot = session.snapshot
        let cut = try event(in: snapshot, after: 8_000_000_000) {
            if case .cut(_, _, true) = $0 { true } else { false }
        }
        #expect(snapshot.records[event: cut].changes.contains(where: isLoss(.cut)))
        #expect(!story(of: cut, snapshot).contains("because"))
    }

    @Test("A periodic timer is one line that says how often it came, back to the peer in the lab's file")
    func periodic() throws {
        let session = try run(try LabsOnDisk.lab("half-open"), to: 4_000_000_000)
        defer { session.close() }
        let lines = story(of: session.snapshot.event, session.snapshot).split(separator: "\n")
        let timers = lines.filter { $0.contains("the timer main of ping, ") }
        #expect(timers.count == 1)
        #expect(timers.first?.contains(" times, every 100 ms, since #") == true, "\(timers)")
        #expect(timers.first?.contains(" at 0.100 000") == true)
        #expect(lines.suffix(2) == ["there the run begins", "half-open.yaml:11:5  name: ping"])
    }

    @Test("A segment that was repeated says what became of the one before it")
    func repeated() throws {
        let session = try run(try LabsOnDisk.lab("cut"), to: 4_000_000_000)
        defer { session.close() }
        let snapshot = session.snapshot
        let resent = try event(in: snapshot) {
            if case .sent(let segment) = $0 { segment.purpose.isRepetition } else { false }
        }
        #expect(story(of: resent, snapshot).contains("was never acknowledged: it was lost\n  #"))
        #expect(story(of: resent, snapshot).contains("because the link was cut"))
    }

    @Test("A chain ends at the draw that decided, with its value and its threshold")
    func draws() throws {
        let lab = try LabsOnDisk.lab("hello", replacing: [("latency:", "loss: 0.05\n    latency:")])
        let session = try run(lab)
        defer { session.close() }
        let snapshot = session.snapshot
        let lost = try event(in: snapshot, where: isLoss(.loss))
        let story = story(of: lost, snapshot)
        #expect(story.contains("a draw decided: link.loss 0."), "\(story)")
        #expect(story.contains(" < 0.0"), "\(story)")
    }

    @Test("A chain ends at what was done by hand")
    func hand() throws {
        let session = try run(try LabsOnDisk.lab("hello"), to: 1_000_000_000)
        defer { session.close() }
        try session.intervene(try ActionSyntax(lab: session.lab).action("cut client-server"))
        let cut = session.snapshot.event
        _ = try session.seek(to: .time(1_500_000_000))
        let lost = try event(in: session.snapshot, after: 1_000_000_000, where: isLoss(.cut))
        #expect(lost > cut)
        let story = story(of: lost, session.snapshot)
        #expect(story.contains("  #\(cut)  1.000 000  hand  cut  client-server\n  done by hand"))
    }

    @Test("What is pending has its causes too")
    func pending() throws {
        let session = try run(try LabsOnDisk.lab("hello"), to: 1_000_000_000)
        defer { session.close() }
        let snapshot = session.snapshot
        for upcoming in snapshot.upcoming.prefix(5) {
            let lines = CauseStory(of: upcoming, in: snapshot).lines
            #expect(lines.first?.event == upcoming.cause || lines.first?.text.contains(" times, ") == true)
        }
    }

    /// Whatever an event was: the story goes back in time on each level, is not endless, and ends where causes begin.
    @Test(
        "Every story goes back to where it begins", arguments: ["cut", "partition", "bench-chaos"])
    func whole(name: String) throws {
        let session = try run(try LabsOnDisk.lab(name), to: 5_000_000_000)
        defer { session.close() }
        let snapshot = session.snapshot
        for event in stride(from: 1, through: snapshot.event, by: 211) {
            let entries = CauseStory(of: event, in: snapshot).entries
            var latest: [Int: Int] = [:]
            for entry in entries {
                guard case .event(let number) = entry.step else { continue }
                latest = latest.filter { $0.key <= entry.depth }
                if let before = latest[entry.depth], entry.depth == 0 { #expect(number < before) }
                latest[entry.depth] = number
            }
            let ends =
                entries.contains { $0.depth == 0 && $0.step == .origin(.start) }
                || entries.contains { $0.depth == 0 && $0.step == .origin(.schedule) }
                || entries.contains {
                    if case .again = $0.step { $0.depth == 0 } else { false }
                }
            #expect(ends && entries.count <= 400, "\(name) \(event)")
        }
    }
}
