import NIOCore
import PeerNetworking
import Testing

extension ConformanceTests {
    /// Tasks, signals and the clock; one host is enough.
    @Suite struct TasksAndTime {
        @Test(arguments: ProviderUnderTest.allCases)
        func aSignalWakesAllThatWait(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: first woken", "client: second woken", "client: third: throws cancelled"], on: provider,
                server: idle,
                client: { providers, transcript in
                    let signal = providers.tasks.makeSignal()
                    // Nobody waits: it is not remembered.
                    signal.notify()
                    let waiting = ["first", "second"].map { name in
                        providers.tasks.start(name) {
                            transcript.mark(name)
                            try? await signal.wait()
                            transcript.say("\(name) woken")
                        }
                    }
                    let third = providers.tasks.start("third") {
                        transcript.mark("third")
                        await transcript.say("third") {
                            try await providers.tasks.makeSignal().wait()
                            return "woken"
                        }
                    }
                    for mark in ["first", "second", "third"] { try await transcript.awaits(mark, providers) }
                    signal.notify()
                    for task in waiting { await task.finished() }
                    third.cancel()
                    await third.finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aCancelledWaitLeavesTheOthers(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: one: throws cancelled", "client: other: woken"], on: provider, server: idle,
                client: { providers, transcript in
                    let signal = providers.tasks.makeSignal()
                    let waiting = ["one", "other"].map { name in
                        providers.tasks.start(name) {
                            transcript.mark(name)
                            await transcript.say(name) {
                                try await signal.wait()
                                return "woken"
                            }
                        }
                    }
                    for mark in ["one", "other"] { try await transcript.awaits(mark, providers) }
                    waiting[0].cancel()
                    await waiting[0].finished()
                    signal.notify()
                    await waiting[1].finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aWaitUntilATimeEndsWithTheNotificationTheTimeOrItsTask(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: passed: at once", "client: notified: before its time", "client: late: at its time",
                    "client: cancelled: throws cancelled",
                ], on: provider, server: idle,
                client: { providers, transcript in
                    let signal = providers.tasks.makeSignal()
                    let time = providers.time
                    func start(_ name: String, until deadline: Instant, _ outcome: String) -> any TaskHandle {
                        providers.tasks.start(name) {
                            transcript.mark(name)
                            await transcript.say(name) {
                                // A wait may end early: the time is looked at again.
                                var isNotified = false
                                while time.now < deadline, !isNotified {
                                    try await signal.wait(until: deadline, for: name)
                                    isNotified = transcript.isMarked("notified of \(name)")
                                }
                                let isTimely = isNotified == (time.now < deadline)
                                return isTimely ? outcome : "at \(time.now), and its time is \(deadline)"
                            }
                        }
                    }
                    try await signal.wait(until: time.now, for: "nothing")
                    transcript.say("passed: at once")
                    let far = time.now.advanced(by: .seconds(1_000))
                    let notified = start("notified", until: far, "before its time")
                    let cancelled = start("cancelled", until: far, "its time came")
                    for mark in ["notified", "cancelled"] { try await transcript.awaits(mark, providers) }
                    transcript.mark("notified of notified")
                    signal.notify()
                    await notified.finished()
                    let late = start("late", until: time.now.advanced(by: .milliseconds(20)), "at its time")
                    await late.finished()
                    cancelled.cancel()
                    await cancelled.finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func waitsOfACancelledTaskThrowAtOnce(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: signal: throws cancelled", "client: sleep: throws cancelled",
                    "client: connect: throws cancelled",
                ], on: provider, server: idle,
                client: { providers, transcript in
                    let task = providers.tasks.start("cancelled") {
                        let signal = providers.tasks.makeSignal()
                        transcript.mark("waits")
                        await transcript.say("signal") {
                            try await signal.wait()
                            return "woken"
                        }
                        await transcript.say("sleep") {
                            try await providers.time.sleep(for: .seconds(1_000))
                            return "slept"
                        }
                        await transcript.say("connect") {
                            _ = try await providers.network.connect(to: port80)
                            return "connected"
                        }
                    }
                    try await transcript.awaits("waits", providers)
                    task.cancel()
                    task.cancel()
                    await task.finished()
                    await task.finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func sleepersWakeInTheOrderOfTheirDeadlines(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: 10 ms", "client: 20 ms", "client: 30 ms", "client: the clock has moved on: true",
                    "client: the past: no wait",
                ], on: provider, server: idle,
                client: { providers, transcript in
                    let start = providers.time.now
                    let sleeping = [30, 10, 20].map { milliseconds in
                        providers.tasks.start("sleep \(milliseconds)") {
                            try? await providers.time.sleep(
                                until: start.advanced(by: .milliseconds(milliseconds)))
                            transcript.say("\(milliseconds) ms")
                        }
                    }
                    for task in sleeping { await task.finished() }
                    let after = providers.time.now
                    transcript.say("the clock has moved on: \(start.duration(to: after) >= .milliseconds(30))")
                    try await providers.time.sleep(until: start)
                    try await providers.time.sleep(for: .zero)
                    try await providers.time.sleep(for: .seconds(-5))
                    transcript.say("the past: no wait")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aSleepIsCancelled(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: sleep: sleep cancelled local - remote -", "client: long before its time: true"],
                on: provider, server: idle,
                client: { providers, transcript in
                    let start = providers.time.now
                    let sleeping = providers.tasks.start("sleep") {
                        transcript.mark("sleeps")
                        await transcript.sayError("sleep") { try await providers.time.sleep(for: .seconds(3_000)) }
                    }
                    try await transcript.awaits("sleeps", providers)
                    sleeping.cancel()
                    await sleeping.finished()
                    let slept = start.duration(to: providers.time.now)
                    transcript.say("long before its time: \(slept < .seconds(3_000))")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func tasksOnOneExecutorTakeTurns(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: a1", "client: a2", "client: b1", "client: b2", "client: all finished"], on: provider,
                server: idle,
                client: { providers, transcript in
                    // What does not wait is not interrupted.
                    let tasks = ["a", "b"].map { name in
                        providers.tasks.start(name) {
                            transcript.say("\(name)1")
                            transcript.say("\(name)2")
                        }
                    }
                    for task in tasks { await task.finished() }
                    transcript.say("all finished")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func drawsDependOnSeedSiteAndSubject(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: two draws differ: true", "client: two subjects differ: true", "client: below 10: true"],
                on: provider, server: idle,
                client: { providers, transcript in
                    let random = providers.random
                    let first = random.next("conformance.draw", for: "a")
                    transcript.say("two draws differ: \(first != random.next("conformance.draw", for: "a"))")
                    transcript.say("two subjects differ: \(first != random.next("conformance.draw", for: "b"))")
                    let all = (0..<1_000).map { _ in random.next(below: 10, "conformance.bound", for: "a") }
                    transcript.say("below 10: \(all.allSatisfy { $0 < 10 } && all.contains(0) && all.contains(9))")
                })
        }
    }
}
