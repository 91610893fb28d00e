import Dispatch
import LinuxNetwork
import NIOCore
import NIOPosix
import SimNetwork
import SocketNetwork

@testable import Lab

/// Hosts that are networks of their own, with links of a lab between each two of them.
final class WiredHosts: Sendable {
    let hosts: LinuxHosts
    let wire: LinuxWire
    /// Knows which connection is which.
    let book = ConnectionBook()
    private let world: LiveWorld
    private let group: MultiThreadedEventLoopGroup

    /// - Parameters:
    ///   - names: of the hosts, two at least.
    ///   - latency: of each link, one way, as in a lab file.
    ///   - device: how their devices are made; nil for as they can be.
    init(_ names: [String], latency: String, device: HostDevice.Kind? = nil) throws {
        let pairs = names.indices.flatMap { first in
            names[(first + 1)...].map { "{between: [\(names[first]), \($0)], latency: \(latency)}" }
        }
        let lab = try LabFile.read(
            text: "lab: case\nhosts: \(names)\nlinks: [\(pairs.joined(separator: ", "))]", name: "case.yaml")
        hosts = try LinuxHosts(lab, device: device)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        var (log, state) = (RecordLog(), WorldState(hosts: names.count, links: pairs.count))
        let world = LiveWorld(lab, seed: 1, on: loop, .linux, arranged: &log, &state)
        let wire = LinuxWire(hosts, count: names.count, on: loop, book: book, world: world)
        world.begin(
            LiveWorld.Follower(
                follow: { wire.follow($0) }, obstacle: { _ in nil }, carryOut: { _ in }, land: { wire.land($0) }),
            beginning: {
                wire.begin()
                // What has happened nobody asks for here.
                loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) {
                    [weak world] _ in _ = world?.take()
                }
            })
        (self.world, self.wire) = (world, wire)
    }

    /// Ends them, and all that was theirs; waits for it.
    func close() throws {
        let done = DispatchSemaphore(value: 0)
        world.end { [wire] in
            wire.close()
            done.signal()
        }
        done.wait()
        try group.syncShutdownGracefully()
    }
}
