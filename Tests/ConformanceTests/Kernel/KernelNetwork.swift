import Glibc
import SocketNetwork
import Synchronization

@testable import Lab

/// What is between the hosts of a scenario, by their places in ``Party/hosts``.
protocol KernelNetwork {
    /// A host's address, in the order of the machine's bytes.
    func address(of host: Int) -> UInt32
    /// Does something where a host's sockets belong.
    func within<Result>(_ host: Int, _ body: () throws -> Result) throws -> Result
    /// Waits until everything sent so far has arrived, and all that was sent in answer.
    func cross() throws
}

/// Loopback addresses.
///
/// Each run has some of its own, so that runs beside it and the TIME-WAIT of those before it do not matter.
struct LoopbackNetwork: KernelNetwork {
    private static let runs = Atomic<UInt32>(0)
    private let first: UInt32
    private let crossing: Crossing

    /// On the thread that is to use it, which stays on its processor from now on.
    init() throws {
        try LinuxCalls.stayOnProcessor()
        let process = UInt32(bitPattern: getpid())
        let run = Self.runs.add(1, ordering: .relaxed).oldValue
        // 127.128…247.x.y: four addresses for each of 15,872 runs, then the same again with other ports.
        first = 127 << 24 | (128 + process % 120) << 16 | (run / 62 % 256) << 8 | (4 + run % 62 * 4)
        crossing = try Crossing(on: KernelAddress(address: first))
    }

    func address(of host: Int) -> UInt32 { first + UInt32(host) }
    func within<Result>(_ host: Int, _ body: () throws -> Result) throws -> Result { try body() }
    func cross() throws { try crossing.cross() }
}

/// Networks of the hosts' own, with the wire of a lab between them.
struct WiredNetwork: KernelNetwork {
    let wired: WiredHosts
    /// How often it must look so, one time after the other: a pair of devices hands packets on a little later.
    var looks = 1

    /// How often it is looked whether all has arrived, in nanoseconds; each link takes a part of it.
    private static let pause = 20_000
    /// Twenty seconds of looking, and more.
    private static let patience = 1_000_000

    func address(of host: Int) -> UInt32 { HostAddresses.benchmark.number(host) }

    func within<Result>(_ host: Int, _ body: () throws -> Result) throws -> Result {
        try wired.hosts.within(host, body)
    }

    func cross() throws {
        var pause = timespec(tv_sec: 0, tv_nsec: Self.pause)
        var still = 0
        for _ in 0..<Self.patience {
            still = wired.wire.isStill ? still + 1 : 0
            if still == looks { return }
            nanosleep(&pause, nil)
        }
        throw KernelError.overdue("a wire that is still")
    }
}
