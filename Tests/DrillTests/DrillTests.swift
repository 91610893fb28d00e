import Foundation
import LinuxNetwork
import Testing

@testable import Drill

/// Every script holds in the simulation.
@Suite struct SimulatedDrillTests {
    static func script(_ name: String) throws -> Script {
        try ScriptReader.read(
            String(contentsOf: Scripts.folder.appending(path: name), encoding: .utf8), name: name)
    }

    @Test(arguments: Scripts.all) func itHolds(name: String) throws {
        let verdict = Drill.simulated(try Self.script(name)).verdict
        #expect(verdict == .holds)
    }

    @Test func thereAreSome() { #expect(Scripts.all.count >= 50) }

    /// What is expected and does not come is found, whatever it is: each line of each script in turn is changed.
    @Test(arguments: Scripts.all) func aScriptThatExpectsAnotherThingFails(name: String) throws {
        let script = try Self.script(name)
        for index in script.events.indices {
            var changed = script
            switch script.events[index].what {
            case .outgoing(var segment):
                segment.sequence &+= 1
                changed.events[index].what = .outgoing(segment)
            case .call(var call, let returnsAfter):
                call.result = (call.result ?? 0) + 7
                call.error = nil
                changed.events[index].what = .call(call, returnsAfter: returnsAfter)
            case .incoming, .tooBig, .unreachable, .code: continue
            }
            // The first SYN says what all numbers count from.
            let isFirst = !script.events[..<index].contains { if case .outgoing = $0.what { true } else { false } }
            if case .outgoing = script.events[index].what, isFirst { continue }
            guard case .fails(let line, _, _) = Drill.simulated(changed).verdict else {
                Issue.record("line \(script.events[index].line) may be anything")
                continue
            }
            #expect(line == script.events[index].line)
        }
    }
}

/// Every script holds on the kernel of this machine.
@Suite(.serialized) struct KernelDrillTests {
    /// Scripts that run at a time: they wait most of it.
    private static let atATime = 4

    @Test(.enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked: \(KernelDrill.obstacle ?? "")"))
    func allHold() async throws {
        let scripts = try Scripts.all.map(SimulatedDrillTests.script)
        let verdicts = await withTaskGroup(of: (String, Verdict).self) { group in
            var verdicts: [String: Verdict] = [:]
            var waiting = scripts[...]
            func begin() {
                guard let script = waiting.popFirst() else { return }
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            continuation.resume(returning: (script.name, KernelDrill.run(script).verdict))
                        }
                    }
                }
            }
            for _ in 0..<Self.atATime { begin() }
            while let (name, verdict) = await group.next() {
                verdicts[name] = verdict
                begin()
            }
            return verdicts
        }
        for name in Scripts.all {
            switch verdicts[name] {
            case .holds?: break
            // A wire that was late three times says nothing.
            case .notJudged(let why)?: print("not judged: \(name): \(why)")
            case let verdict: Issue.record("\(name): \(String(describing: verdict))")
            }
        }
        let judged = verdicts.values.count { if case .notJudged = $0 { false } else { true } }
        #expect(judged * 10 >= Scripts.all.count * 9, "too few could be judged")
    }

    @Test(.enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked"))
    func aWrongExpectationFails() throws {
        var script = try SimulatedDrillTests.script("handshake/server.pkt")
        let index = try #require(script.events.lastIndex { if case .outgoing = $0.what { true } else { false } })
        guard case .outgoing(var segment) = script.events[index].what else { return }
        segment.flags = "R."
        script.events[index].what = .outgoing(segment)
        guard case .fails(let line, _, let seen) = KernelDrill.run(script).verdict else {
            Issue.record("it holds")
            return
        }
        #expect(line == script.events[index].line && seen.hasPrefix("F. 1:1(0)"))
    }
}
