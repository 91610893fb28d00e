import Foundation
import SimNetwork

@testable import Lab

/// A run of some sixty events, for what is done to it many times over.
enum SmallLab {
    static func lab() throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: small # a remark
                duration: 60ms
                hosts: [a, b]
                links: [{between: [a, b], latency: 1ms}]
                peers:
                  - {name: p, on: a, listen: 1, run: echo}
                  - {name: q, on: b, connect: "a:1", run: {ping-pong: {every: 5ms}}, config: {heartbeat: off}}
                expect: [q is connected by 50ms]
                story: [{when: 30ms, say: "half"}, {when: end, say: "done"}]
                """, name: "small.yaml")
    }

    static func session(_ memory: LogMemory = .standard) throws -> SimSession {
        SimSession(lab: try lab(), memory: memory)
    }

    static let cut = Action.cut(LinkID(0), nil)
    static let millisecond: Int64 = 1_000_000

    /// What a session has written of itself by its end.
    static func recorded(_ body: (SimSession) throws -> Void) throws -> Data {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tree-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = try session()
        defer { session.close() }
        try session.record(to: path)
        try body(session)
        session.finishRecording()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }
}

extension SimSession {
    func go(to name: String) throws { try go(to: try timelines.named(name).id) }
    func finish() throws { _ = try seek(to: .time(lab.duration)) }
}
