import Glibc

/// Calls of Linux that are beyond POSIX, which Glibc's module map leaves out: found by name.
enum LinuxCalls {
    private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt
    private typealias Accept4 =
        @convention(c) (
            CInt, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?, CInt
        ) -> CInt

    private static func find<Function>(_ name: String, as type: Function.Type) throws -> Function {
        guard let symbol = dlsym(nil, name) else { throw KernelError.call(name, ENOSYS) }
        return unsafeBitCast(symbol, to: type)
    }

    /// Accepts a connection that does not block and that no child inherits: one that did would keep it open.
    static func accept(_ listener: CInt) throws -> CInt {
        let flags = CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        return try find("accept4", as: Accept4.self)(listener, nil, nil, flags)
    }

    /// Keeps the calling thread on the processor it is on, from now on.
    static func stayOnProcessor() throws {
        let set = try find("sched_setaffinity", as: Affinity.self)
        let current = try find("sched_getcpu", as: (@convention(c) () -> CInt).self)
        let processor = Int(current())
        // A bit for each of 1,024 processors (cpu_set_t).
        var one = [UInt8](repeating: 0, count: 128)
        one[processor / 8] = 1 << UInt8(processor % 8)
        guard set(0, one.count, &one) == 0 else { throw KernelError.call("sched_setaffinity", errno) }
    }
}

/// Runs a body on a thread of its own: it may block, and may be bound to a processor, which the threads that tasks share
/// must not.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Result, any Error>) in
        let start = ThreadStart { continuation.resume(with: Swift.Result(catching: body)) }
        let argument = Unmanaged.passRetained(start)
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, argument.toOpaque())
        guard failed == 0 else {
            argument.release()
            continuation.resume(throwing: KernelError.call("pthread_create", failed))
            return
        }
        pthread_detach(thread)
    }
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
