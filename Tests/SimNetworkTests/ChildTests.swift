import Glibc
import PeerNetworking
import SimNetwork
import Synchronization
import Testing

/// Where code runs that no task provider started by itself: structured children and the readers of streams.
@Suite struct ChildTests {
    /// Counts the places in a program that ran on another thread than the simulation's.
    private final class Places: Sendable {
        private let thread = UInt(pthread_self())
        private let counts = Mutex((here: 0, elsewhere: 0))

        func mark() {
            let isHere = UInt(pthread_self()) == thread
            counts.withLock { if isHere { $0.here += 1 } else { $0.elsewhere += 1 } }
        }

        var here: Int { counts.withLock { $0.here } }
        var elsewhere: Int { counts.withLock { $0.elsewhere } }
    }

    @Test func childrenOfATaskGroupStayOnTheSimulationsThread() throws {
        let world = TwoHosts()
        let places = Places()
        world.onClient { providers in
            await withTaskGroup(of: Void.self) { group in
                for number in 1...10 {
                    group.addTask {
                        places.mark()
                        try? await providers.time.sleep(for: .milliseconds(number))
                        places.mark()
                    }
                }
                await group.waitForAll()
                places.mark()
            }
            places.mark()
        }
        try world.run()
        #expect(places.here == 22)
        #expect(places.elsewhere == 0)
    }

    /// A child has its parent's record, and a cancellation of its own: each must see what is its.
    @Test func aCancelledChildIsToldAndItsParentIsNot() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onClient { providers in
            let never = providers.tasks.makeSignal()
            await withTaskGroup(of: Void.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        do throws(NetworkError) {
                            // Once it has waited, its parent's record is at hand.
                            try await providers.time.sleep(for: .milliseconds(2))
                            try await never.wait()
                        } catch {
                            transcript.say("child: \(error.code)")
                        }
                    }
                }
                try? await providers.time.sleep(for: .milliseconds(1))
                group.cancelAll()
                await group.waitForAll()
            }
            do throws(NetworkError) {
                try await providers.time.sleep(for: .milliseconds(1))
                transcript.say("parent: slept")
            } catch {
                transcript.say("parent: \(error.code)")
            }
        }
        try world.run()
        #expect(transcript.all == ["child: cancelled", "child: cancelled", "parent: slept"])
    }

    @Test func asyncLetStaysOnTheSimulationsThread() throws {
        let world = TwoHosts()
        let places = Places()
        world.onClient { providers in
            @Sendable func nap(_ milliseconds: Int) async -> Int {
                places.mark()
                try? await providers.time.sleep(for: .milliseconds(milliseconds))
                places.mark()
                return milliseconds
            }
            async let short = nap(1)
            async let long = nap(2)
            let total = await short + long
            places.mark()
            #expect(total == 3)
        }
        try world.run()
        #expect(places.here == 5)
        #expect(places.elsewhere == 0)
    }

    @Test func readersOfAsyncStreamsStayOnTheSimulationsThread() throws {
        let world = TwoHosts()
        let places = Places()
        world.onClient { providers in
            let (numbers, continuation) = AsyncStream.makeStream(of: Int.self)
            providers.tasks.start("reader") {
                for await _ in numbers { places.mark() }
                places.mark()
            }
            for number in 1...5 {
                try? await providers.time.sleep(for: .milliseconds(1))
                continuation.yield(number)
            }
            continuation.finish()
        }
        try world.run()
        #expect(places.here == 6)
        #expect(places.elsewhere == 0)
    }

    /// A child that waits on a stream is outside of any actor, its parent is not: each goes on where it was.
    @Test func aChildAndItsParentWakenedInOneEventGoOnInTheirOrder() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onClient { providers in
            let signal = providers.tasks.makeSignal()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await signal.wait()
                    transcript.say("child")
                }
                providers.tasks.start("waker") {
                    try? await providers.time.sleep(for: .milliseconds(1))
                    signal.notify()
                    transcript.say("waker")
                }
                try? await providers.time.sleep(for: .microseconds(1))
                try? await signal.wait()
                transcript.say("parent")
            }
        }
        try world.run()
        #expect(transcript.all == ["waker", "child", "parent"])
    }

    @Test func cancellingATaskWakesItsChildren() throws {
        let world = TwoHosts()
        let transcript = world.transcript
        world.onClient { providers in
            let signal = providers.tasks.makeSignal()
            let parent = providers.tasks.start("parent") {
                await withTaskGroup(of: Void.self) { group in
                    for number in 1...3 {
                        group.addTask {
                            do { try await signal.wait() } catch { transcript.say("child \(number) \(code(error))") }
                        }
                    }
                }
            }
            try? await providers.time.sleep(for: .milliseconds(1))
            parent.cancel()
            await parent.finished()
            transcript.say("ended")
        }
        try world.run()
        #expect(transcript.all.count == 4)
        #expect(transcript.all.last == "ended")
        #expect(world.simulation.liveTasks == 0)
    }
}
