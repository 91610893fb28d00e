import Testing

@testable import Lab

/// A workload's progress is what it has done, and not what it has tried.
@Suite struct ProgressTests {
    private static let requests = """
        lab: requests
        duration: 5s
        hosts: [a, b]
        links: [{between: [a, b]}]
        peers:
          - {name: srv, on: b, listen: 4500, run: request-response}
          - {name: cli, on: a, connect: "b:4500", run: {request-response: {every: 100ms, timeout: 100ms, retries: 0, count: 10}}}

        """

    private func verdicts(_ lines: String) throws -> [ExpectationStatus.Verdict] {
        let session = SimSession(lab: try LabFile.read(text: Self.requests + lines, name: "x"))
        defer { session.close() }
        _ = try session.seek(to: .time(session.lab.duration))
        return session.snapshot.expectations.map(\.verdict)
    }

    /// A request that nobody answers is none that was answered; that it has ended is something else.
    @Test func requestsThatAreNotAnsweredDoNotCount() throws {
        let expect = "expect: [cli counts 0, cli counts 10, cli finishes]\n"
        #expect(try verdicts("faults: [{cut: a-b}]\n" + expect) == [.held, .failed, .failed])
        #expect(try verdicts(expect) == [.failed, .held, .held])
        let some = try verdicts(
            "faults: [{at: 500ms, cut: a-b}]\nexpect: [cli counts 10, cli counts 0, cli finishes]\n")
        #expect(some == [.failed, .failed, .failed])
    }

    /// What the queue has no room for is not published.
    @Test func messagesThatFindNoRoomDoNotCount() throws {
        let text = """
            lab: publisher
            duration: 3s
            hosts: [a, b]
            links: [{between: [a, b]}]
            peers:
              - {name: desk, on: b, listen: 4500, run: publish-subscribe}
              - name: ana
                on: a
                connect: "b:4500"
                run: {publish-subscribe: {publish: news, every: 10ms, count: 50, delivery: unreliable}}
                config: {queue: 4}
            faults: [{cut: a-b}]
            expect: [ana counts 4 by 2s]
            """
        let session = SimSession(lab: try LabFile.read(text: text, name: "x"))
        defer { session.close() }
        _ = try session.seek(to: .time(session.lab.duration))
        #expect(session.snapshot.expectations[0].verdict == .held, "\(session.snapshot.expectations[0])")
    }
}
