import SimNetwork
import Testing

@testable import Lab

/// What failed says with which message, by which event, and what was found.
@Suite("What failed")
struct FoundTests {
    private func statuses(_ expectations: [String], faults: String = "[]") throws -> [ExpectationStatus] {
        let lines = expectations.map { "  - \($0)\n" }.joined()
        let lab = try LabFile.read(text: LabText.pair + "faults: \(faults)\nexpect:\n\(lines)", name: "x")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let report = RunReport(session.snapshot)
        #expect(report.expectations.map(\.message) == session.snapshot.expectations.map(\.message))
        #expect(report.failedAt == session.snapshot.expectations.filter { $0.verdict == .failed }.first?.event)
        return session.snapshot.expectations
    }

    @Test("A message that was not to come is named, with where it came")
    func messages() throws {
        let status = try #require(try statuses(["no message is delivered"]).first)
        #expect(status.verdict == .failed && status.message == "m1")
        #expect(status.reason == "m1 came to echo by c1")
    }

    @Test("A connection says what each end believed, a link how it was")
    func states() throws {
        let halfOpen = try #require(
            try statuses(["no connection is half-open"], faults: "[{at: 2s, power-loss: server}]").first)
        #expect(halfOpen.reason == "c1: client ESTABLISHED, server gone" && halfOpen.message == nil)
        #expect(try statuses(["client-server is cut by 3s"]).first?.reason == "it was whole")
    }
}
