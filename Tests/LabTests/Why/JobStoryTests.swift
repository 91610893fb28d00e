import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// The lives of a queue's jobs.
@Suite("Job stories")
struct JobStoryTests {
    private func jobs(to time: Int64 = .max) throws -> SimSession {
        let lab = try LabsOnDisk.lab("jobs")
        let session = SimSession(lab: lab)
        _ = try session.seek(to: .time(min(time, lab.duration)))
        return session
    }

    @Test("Each of 200 jobs is done, and counted once; what was done twice is told so")
    func sums() throws {
        let session = try jobs()
        defer { session.close() }
        let snapshot = session.snapshot
        let lives = JobBook(snapshot.records, of: snapshot.lab, upTo: snapshot.event).lives
        #expect(lives.map(\.number).sorted() == Array(1...200))
        for life in lives {
            let turns = life.turns.map(\.turn)
            #expect(turns.first == .given && life.count(.given) == 1, "\(life.number)")
            #expect(life.count(.counted) == 1 && life.standing == .counted)
            #expect(life.count(.done) == life.count(.counted) + life.count(.repeated))
            #expect(life.count(.givenAgain) == life.count(.leaseOver) + life.count(.returned))
            #expect(life.count(.begun) >= life.count(.done))
            #expect(zip(life.turns, life.turns.dropFirst()).allSatisfy { $0.at.event <= $1.at.event })
            // Who gave word of it is who did it, and every turn is somebody's.
            #expect(life.turns.allSatisfy { $0.worker != nil })
            let done = life.turns.filter { $0.turn == .done }.compactMap(\.worker)
            let heard = life.turns.filter { $0.turn == .counted || $0.turn == .repeated }.compactMap(\.worker)
            #expect(done == heard)
        }
        #expect(
            lives.reduce(0) { $0 + $1.count(.repeated) } == 1, "the one that was paused has done its job all the same")
    }

    @Test("A job says who had it, whose lease ran out, who has done it and what counted")
    func twice() throws {
        let session = try jobs()
        defer { session.close() }
        let snapshot = session.snapshot
        let lives = JobBook(snapshot.records, of: snapshot.lab, upTo: snapshot.event).lives
        let life = try #require(lives.first { $0.count(.repeated) > 0 })
        let query = try #require(JobQuery([String(life.number), "office"]))
        let story = try JobStory(query, in: snapshot)
        #expect(story.title == "Job \(life.number) of office")
        let text = story.lines.map(\.text)
        #expect(text.contains { $0.hasPrefix("given") && $0.hasSuffix("twice") })
        #expect(text.contains { $0.hasPrefix("done") && $0.hasSuffix("twice: counted once") })
        let told = [
            "office gives it to hand-2", "the lease of hand-2 is over", "office gives it again, to hand-4",
            "office hears of it from hand-4, and counts it", "hand-2 has done it",
            "office hears of it from hand-2 as well, and does not count it",
        ]
        let places = told.map { words in text.firstIndex { $0.contains(words) } }
        #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(text)")
        #expect(story.lines.filter { $0.event != nil }.map(\.event).count == life.turns.count + 1)

        // Its last event says why it did not count, and the one that gave it again whose fault that was.
        let last = try #require(life.turns.last { $0.turn == .repeated })
        let why = CauseStory(of: last.at.event, in: snapshot).lines.map(\.text)
        #expect(why.contains { $0.contains("job \(life.number) was counted when another had done it") })
        #expect(why.contains { $0.contains("the lease of who had job \(life.number) was over") })
    }

    @Test("Where a job stands is told as of the cursor")
    func standing() throws {
        let session = try jobs(to: 1_950_000_000)
        defer { session.close() }
        func isNow(_ job: UInt64) throws -> String {
            let query = try #require(JobQuery([String(job)]))
            return try #require(JobStory(query, in: session.snapshot).lines.first).text
        }
        #expect(try isNow(65).hasSuffix("with hand-2"))
        _ = try session.seek(to: .time(2_750_000_000))
        #expect(try isNow(65).hasSuffix("to be given again"))
        _ = try session.seek(to: .time(3_000_000_000))
        #expect(try isNow(65).hasSuffix("done by hand-4"))
        #expect(throws: SessionError.self) { try isNow(201) }
    }

    @Test("What cannot be handed over is given again, and a queue that starts anew begins anew")
    func lost() throws {
        let text = """
            lab: lost
            duration: 5s
            hosts: [queue, one, two]
            links:
              - between: [queue, one]
              - between: [queue, two]
            peers:
              - {name: office, on: queue, listen: 4500, run: {work-queue: {jobs: 20, lease: 300ms}}}
              - {name: first, on: one, connect: "queue:4500", run: work-queue}
              - {name: second, on: two, connect: "queue:4500", run: work-queue}
            faults:
              - {at: 250ms, reset: first}
              - {at: 3s, process-kill: office, for: 100ms}
            """
        let session = SimSession(lab: try LabFile.read(text: text, name: "lost"))
        defer { session.close() }
        _ = try session.seek(to: .time(2_900_000_000))
        func lives() -> [JobLife] {
            JobBook(session.snapshot.records, of: session.snapshot.lab, upTo: session.snapshot.event).lives
        }
        #expect(lives().count == 20 && lives().allSatisfy { $0.count(.counted) == 1 })
        _ = try session.seek(to: .time(3_500_000_000))
        #expect(lives().count < 20 && lives().allSatisfy { $0.count(.given) == 1 })
    }

    @Test("What a worker does can be waited for and expected")
    func condition() throws {
        let lab = try LabsOnDisk.lab("jobs")
        let source = lab.source.replacing(
            "expect:",
            with: "expect:\n  - hand-2 does job 65\n  - hand-4 does job 65 by 3s\n  - hand-1 does job 65 by 9s")
        let session = SimSession(lab: try LabFile.read(text: source, name: "jobs"))
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let snapshot = session.snapshot
        #expect(snapshot.expectations.prefix(3).map(\.verdict) == [.held, .held, .failed])
        let lives = JobBook(snapshot.records, of: snapshot.lab, upTo: snapshot.event).lives
        let done = try #require(lives.first { $0.number == 65 }?.turns.filter { $0.turn == .done }.map(\.at.event))
        #expect(snapshot.expectations.prefix(2).map(\.event).sorted { ($0 ?? 0) < ($1 ?? 0) } == done)
        #expect(throws: SessionError.self) { try lab.condition(["office", "does", "job", "65"]) }
    }
}
