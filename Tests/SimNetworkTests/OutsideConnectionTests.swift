import PeerNetworking
import TCP
import Testing

@testable import SimNetwork

/// Connections whose kernels are outside, by the segments that those send.
@Suite struct OutsideConnectionTests {
    private static func world() -> RealTimeWorld {
        var topology = Topology()
        let hosts = [topology.addHost("a"), topology.addHost("b")]
        topology.connect(hosts[0], hosts[1], LinkProperties(latency: .constant(1_000_000)))
        let world = RealTimeWorld(
            topology: topology, seed: 1, processes: [], buggify: nil, chaos: nil, canBeHad: { _ in true },
            isOutside: { _ in false })
        _ = world.open(ConnectionID(1), from: (hosts[0], 1_000), to: (hosts[1], 80), by: nil, at: 0)
        return world
    }

    private static var syn: TCPSegment { TCPSegment(flags: .syn, window: 1_000, sequence: 7, acknowledgement: 0) }

    /// What comes of a SYN that goes once more.
    private static func again(in world: RealTimeWorld) -> [Change] {
        world.leaves(syn, of: ConnectionID(1), from: .client, at: 1_000_000_000).flatMap(\.changes)
    }

    private static func isRepeat(_ change: Change) -> Bool {
        if case .end(_, .client, let end) = change { end.levels.retransmissions == 1 } else { false }
    }

    @Test func whatGoesAgainIsCounted() {
        let world = Self.world()
        _ = world.leaves(Self.syn, of: ConnectionID(1), from: .client, at: 1)
        #expect(Self.again(in: world).contains { Self.isRepeat($0) })
    }

    @Test func aHostWithoutPowerSendsNothingAgainWhateverItsKernelDoes() throws {
        let world = Self.world()
        _ = world.leaves(Self.syn, of: ConnectionID(1), from: .client, at: 1)
        _ = try world.perform(.powerLoss(HostID(0)), at: 500_000_000)
        #expect(!Self.again(in: world).contains { Self.isRepeat($0) })
    }
}
