import NIOConcurrencyHelpers
import NIOCore

/// An answer from an event loop for which another thread waits, that of another event loop too: NIO's own futures refuse that.
enum BlockingAnswer {
    private final class Answer<Value: Sendable>: Sendable {
        private let lock = ConditionLock<Bool>(value: false)
        private let value = NIOLockedValueBox<Value?>(nil)

        func give(_ value: Value) {
            self.value.withLockedValue { $0 = value }
            lock.lock()
            lock.unlock(withValue: true)
        }

        func wait() -> Value {
            while true {
                lock.lock(whenValue: true)
                lock.unlock()
                if let value = value.withLockedValue({ $0 }) { return value }
            }
        }
    }

    /// Waits for what a loop says. It must wait for nobody itself.
    static func of<Value: Sendable>(_ loop: any EventLoop, _ question: @escaping @Sendable () -> Value) -> Value {
        let answer = Answer<Value>()
        loop.execute { answer.give(question()) }
        return answer.wait()
    }
}
