import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

/// What the ends of a connection believe, got from records.
@Suite("Belief")
struct BeliefTests {
    /// Whenever a retransmission timer is set, the records say when it is due: no later than the timeout that they tell.
    @Test(
        "The retransmission timeout that is told is the one that is waited for",
        arguments: ["cut", "half-open", "hello"])
    func timeouts(name: String) throws {
        let session = SimSession(lab: try LabsOnDisk.lab(name))
        defer { session.close() }
        _ = try session.seek(to: .time(9_000_000_000))
        let snapshot = session.snapshot
        var levels = [EndLevels(), EndLevels()]
        var (waited, less) = (0, 0)
        for number in 1...snapshot.event {
            let record = snapshot.records[event: number]
            for case .end(ConnectionID(1), let side, let change) in record.changes {
                let place = Int(side.rawValue)
                levels[place] = levels[place].applying(change)
                guard let timer = change.timer, timer.kind == .retransmission else { continue }
                // The levels are whole microseconds.
                let left = (timer.due - record.time) / 1_000 - Int64(levels[place].retransmissionTimeout)
                #expect(left <= 0, "\(name) #\(number) \(side)")
                if left == 0 { waited += 1 } else { less += 1 }
            }
        }
        #expect(waited > 0, "\(less) were cut short")
    }

    @Test("A half-open connection says since when the ends disagree, and what the living one waits for")
    func halfOpen() throws {
        let session = SimSession(lab: try LabsOnDisk.lab("half-open"))
        defer { session.close() }
        _ = try session.seek(to: .time(6_000_000_000))
        let story = try BeliefStory(ConnectionID(1), in: session.snapshot)
        let text = story.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("for 1.00 s, since 5.000 000 s"))
        #expect(text.contains("doubled 2 times"))
        #expect(text.contains("gone, since 5.000 000 s, #"), "\(text)")
        #expect(text.contains("peer ping         connected, since 0.011 807 s"))
        #expect(text.contains("+ 200 ms, the least for 4 × rttvar"), "the timeout's parts add up: \(text)")
        #expect(throws: SessionError.self) { try BeliefStory(ConnectionID(9), in: session.snapshot) }
        // Once both know, it is told how long one of them did not.
        _ = try session.seek(to: .time(7_011_900_000))
        let after = try BeliefStory(ConnectionID(1), in: session.snapshot).lines.map(\.text).joined(separator: "\n")
        #expect(after.contains("they disagreed    for 2.01 s, from 5.000 000 s to 7.011 807 s"), "\(after)")
    }

    @Test("An idle connection has sent what is acknowledged, and each end expects what the other sends next")
    func agreement() throws {
        let session = SimSession(lab: try LabsOnDisk.lab("hello"))
        defer { session.close() }
        _ = try session.seek(to: .time(9_500_000_000))
        var belief = ConnectionBelief(ConnectionID(1))
        for number in 1...session.snapshot.event { belief.take(session.snapshot.records[event: number]) }
        for side in Side.allCases {
            let (end, other) = (belief.end(side), belief.end(side.other))
            #expect(
                end.next == end.unacknowledged && end.next == other.expects && end.window == other.offers, "\(side)")
        }
    }
}
