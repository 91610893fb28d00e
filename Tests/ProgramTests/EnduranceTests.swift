import Foundation
import Testing

/// A lab that suffers for a long time leaves nothing behind: at each full hour all is calm, and what is alive is the same.
@Suite struct EnduranceTests {
    @Test func afterTwoHoursNoMoreIsAliveThanAfterOne() throws {
        let looks = try Endurance.run(hours: [1, 2], executable: ChaoticLab.bench)
        #expect(looks.count == 2 && looks[0].alive == looks[1].alive, "\(looks)")
        #expect(looks[0].events > 10_000 && looks[1].events > looks[0].events + 10_000)
    }
}

/// A week: `make soak` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct EnduranceSoakTests {
    @Test func afterAWeekNothingHasGrown() throws {
        let looks = try Endurance.run(hours: [1, 24, 168], executable: ChaoticLab.releaseBench)
        #expect(looks.count == 3)
        for look in looks.dropFirst() {
            #expect(look.alive == looks[0].alive, "hour \(look.hour): \(look), hour 1: \(looks[0])")
            #expect(look.resident * 10 <= looks[0].resident * 11, "\(look.resident) KiB, \(looks[0].resident) KiB")
        }
    }
}

private enum Endurance {
    struct Look {
        var hour: Int
        var resident: Int
        /// Tasks, connections and timers.
        var alive: [Int]
        var events: Int
    }

    /// Every ten minutes every kind of trouble, each over well before the hour.
    private static let text = """
        lab: endurance
        duration: 10080m
        hosts: {a: {}, b: {}, c: {}, r: {router: true}}
        links:
          - {between: [a, b], latency: {uniform: [1ms, 5ms]}}
          - {between: [b, r], latency: {exponential: 2ms}}
          - {between: [r, c], latency: 3ms}
        peers:
          - {name: echo, on: b, listen: 4500, run: echo}
          - {name: ping, on: a, connect: "b:4500", run: {ping-pong: {every: 2s}}}
          - {name: pong, on: c, connect: "b:4500", run: {ping-pong: {every: 3s, size: 2000}}}
        faults:
          - {at: 60s, cut: a-b, for: 20s, every: 10m}
          - {at: 90s, partition: isolate-one, for: 15s, every: 10m}
          - {at: 2m, loss: b-r, probability: 0.3, for: 20s, every: 10m}
          - {at: 150s, process-kill: echo, for: 5s, every: 10m}
          - {at: 3m, power-loss: b, for: 10s, every: 10m}
          - {at: 200s, close: ping, probability: 0.2, for: 10s, every: 10m}
          - {at: 220s, pause: pong, for: 10s, every: 10m}
          - {at: 4m, slow-reader: echo, rate: 200 B/s, for: 10s, every: 10m}
          - {at: 260s, half-open: echo, every: 10m}
          - {at: 270s, clog: b, for: 5s, every: 10m}
          - {at: 280s, duplicate: a-b, probability: 0.5, for: 20s, every: 10m}
          - {at: 290s, reorder: b-r, probability: 0.5, by: 50ms, for: 20s, every: 10m}
          - {at: 5m, refuse: b, for: 10s, every: 10m}
          - {at: 301s, reset: ping, every: 10m}
          - {at: 320s, exhaust: b, sockets: 2, for: 10s, every: 10m}
          - {at: 321s, reset: pong, every: 10m}
          - {at: 340s, swizzle: [a, b, c], over: 5s, every: 10m}
          - {at: 350s, name-error: b, for: 5s, every: 10m}
        """

    static func run(hours: [Int], executable: String) throws -> [Look] {
        try Program.withFile(text) { file in
            let result = try Program.run(["endurance", file] + hours.map(String.init), executable: executable)
            #expect(result.ended(with: 0), "\(result.errors)")
            return result.output.split(separator: "\n").compactMap { line in
                let figures = line.split(separator: " ").compactMap { Int($0) }
                guard figures.count == 6 else { return nil }
                return Look(
                    hour: figures[0], resident: figures[1], alive: Array(figures[2...4]), events: figures[5])
            }
        }
    }
}
