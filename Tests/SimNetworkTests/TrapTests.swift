import Foundation
import NIOCore
import PeerNetworking
import SimNetwork
import Testing

@Suite struct TrapTests {
    /// An escaped task must trap, in release builds too, instead of making runs differ.
    @Test func enqueuingOffTheThreadTraps() async {
        await #expect(processExitsWith: .signal(SIGILL)) {
            let world = TwoHosts()
            world.onClient { providers in
                let signal = providers.tasks.makeSignal()
                providers.tasks.start("waiter") { try? await signal.wait() }
                try? await providers.time.sleep(for: .milliseconds(1))
                Thread.detachNewThread { signal.notify() }
                while true { usleep(1_000) }
            }
            try world.run()
        }
    }
}
