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
                // A new descriptor may have any name: that there is none is wrong.
                let isNew = ["socket", "accept"].contains(call.name) && (call.result ?? 0) >= 0
                call.result = isNew ? -1 : (call.result ?? 0) + 7
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
    /// Times that a script is run again that fails beside others.
    private static let repeats = 2

    @Test(.enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked: \(KernelDrill.obstacle ?? "")"))
    func allHold() async throws { try await Self.hold(Scripts.all.map(SimulatedDrillTests.script), device: nil) }

    /// Where no TUN device can be opened.
    @Test(
        .enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked: \(KernelDrill.obstacle ?? "")"),
        arguments: HostDevice.Kind.allCases)
    func someHoldBehindEitherDevice(_ device: HostDevice.Kind) async throws {
        let some = Scripts.all.enumerated().filter { $0.offset % Self.sampled == 0 }.map(\.element)
        try await Self.hold(some.map(SimulatedDrillTests.script), device: device)
    }

    /// One of so many is run behind either device.
    private static let sampled = 8

    /// Looks that scripts hold.
    private static func hold(_ scripts: [Script], device: HostDevice.Kind?) async throws {
        let verdicts = await withTaskGroup(of: (String, Verdict).self) { group in
            var verdicts: [String: Verdict] = [:]
            var waiting = scripts[...]
            func begin() {
                guard let script = waiting.popFirst() else { return }
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            continuation.resume(
                                returning: (script.name, KernelDrill.run(script, device: device).verdict))
                        }
                    }
                }
            }
            for _ in 0..<atATime { begin() }
            while let (name, verdict) = await group.next() {
                verdicts[name] = verdict
                begin()
            }
            return verdicts
        }
        for script in scripts {
            var verdict = verdicts[script.name]
            // A machine that is busy makes the kernel late as well, which the wire does not see: once more, alone.
            for _ in 0..<repeats {
                guard case .fails? = verdict else { break }
                print("once more: \(script.name): \(String(describing: verdict))")
                verdict = KernelDrill.run(script, device: device).verdict
            }
            switch verdict {
            case .holds?: break
            case .notJudged(let why)?: print("not judged: \(script.name): \(why)")
            case .fails?, .unsupported?, nil: Issue.record("\(script.name): \(String(describing: verdict))")
            }
        }
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
