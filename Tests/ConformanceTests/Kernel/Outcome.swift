import PeerNetworking
import Synchronization

/// What came of an operation, in the words that both sides of the comparison use.
enum Outcome: Sendable, Equatable, CustomStringConvertible {
    case ok
    case bytes(Int)
    /// Bytes that are not those that were written.
    case wrongBytes(Int)
    case endOfStream
    case failed(NetworkError.Code)
    /// It has not come to an end, and nothing is on the way that would end it.
    case waits
    /// All that was to be read.
    case everything
    case everythingAndEnd
    /// Less than that, and what it ended with.
    case part(Int, of: Int, String)
    /// The send buffer takes no more.
    case full

    var description: String {
        switch self {
        case .ok: "ok"
        case .bytes(let count): "\(count) bytes"
        case .wrongBytes(let count): "\(count) wrong bytes"
        case .endOfStream: "end of stream"
        case .failed(let code): code.rawValue
        case .waits: "waits"
        case .everything: "everything"
        case .everythingAndEnd: "everything, then end of stream"
        case .part(let count, let total, let end): "\(count) of \(total) bytes, then \(end)"
        case .full: "full"
        }
    }
}

/// What each party has written and read: the bytes of a stream follow from their places in it, so that a byte that is
/// lost, repeated or moved shows.
final class Ledger: Sendable {
    private struct Counts {
        var written = 0
        var read = 0
    }

    private let counts = Mutex<[Party: Counts]>([:])
    private static let period = 251
    /// The bytes of any 64 KiB begin somewhere in the first period of these.
    private static let pattern = (0..<65_536 + period).map { UInt8($0 % period) }
    /// As many bytes as are made at once.
    static let mostBytes = 65_536

    /// Forgets a party's last connection.
    func begin(_ party: Party) { counts.withLock { $0[party] = Counts() } }

    func written(by party: Party) -> Int { counts.withLock { $0[party, default: Counts()].written } }
    func read(by party: Party) -> Int { counts.withLock { $0[party, default: Counts()].read } }

    /// The next bytes for a party to write, 64 KiB at most.
    func bytes(_ count: Int, for party: Party) -> ArraySlice<UInt8> {
        let start = written(by: party) % Ledger.period
        return Ledger.pattern[start..<start + min(count, Ledger.mostBytes)]
    }

    func wrote(_ count: Int, _ party: Party) { counts.withLock { $0[party, default: Counts()].written += count } }

    /// Counts what a party has read, 64 KiB at most.
    ///
    /// - Returns: whether those are the bytes that come next.
    func took(_ bytes: ArraySlice<UInt8>, _ party: Party) -> Bool {
        counts.withLock { counts in
            let start = counts[party, default: Counts()].read % Ledger.period
            counts[party, default: Counts()].read += bytes.count
            return bytes == Ledger.pattern[start..<start + bytes.count]
        }
    }

    /// What a reading of many bytes came to.
    func sum(_ count: Int, of total: Int, by end: Outcome?) -> Outcome {
        switch end {
        case nil: count == total ? .everything : .part(count, of: total, "more")
        case .endOfStream?: count == total ? .everythingAndEnd : .part(count, of: total, "end of stream")
        case let end?: .part(count, of: total, end.description)
        }
    }
}

/// Runs scenarios.
protocol ScenarioDriver {
    /// One line for each step.
    func transcript(of scenario: Scenario) async throws -> [String]
}
