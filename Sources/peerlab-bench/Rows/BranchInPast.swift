import Lab
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// Doing something behind event 1,000,000 of a longer run: until the branch can be gone on with.
    static let branchInPast = Benchmark("branch_1000000", .milliseconds, warmsUp: false) {
        let events = 1_000_000
        let session = SimSession(lab: SeekBack.lab)
        defer { session.close() }
        _ = try session.seek(to: .event(events + 1_000), budget: .max)
        _ = try session.seek(to: .event(events), budget: 0)
        return try seconds { try session.intervene(.kill(ProcessID(1))) } * 1_000
    }
}
