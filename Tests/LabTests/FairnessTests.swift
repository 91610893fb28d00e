import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// A hundred peers that send as fast as they may: none of them starves, and none gets more than its share.
@Suite struct FairnessTests {
    static let places = [
        // Each from a host of its own, and all from one.
        (hosts: "client: {count: 100}", on: "client-*"), (hosts: "client: {}", on: "client"),
    ]

    /// Those before are not counted: the first peer of all is ahead at first.
    private static let start = 5_000

    /// Messages that the server was given of each sender, in a run of so many.
    private func shares(_ place: (hosts: String, on: String), _ links: String, _ messages: Int) throws -> [Int] {
        let peers =
            place.on == "client"
            ? (1...100).map {
                "  - {name: give-\($0), on: client, connect: \"server:80\", run: flood, config: {queue: 16}}"
            }
            .joined(separator: "\n")
            : "  - {name: give, on: \"client-*\", connect: \"server:80\", run: flood, config: {queue: 16}}"
        let lab = try LabFile.read(
            text: """
                lab: fair
                duration: 60s
                hosts: {server: {}, \(place.hosts)}
                links: [{between: ["\(place.on)", server], \(links)}]
                peers:
                  - {name: take, on: server, listen: 80, run: sink}
                \(peers)

                """, name: "x")
        let simulation = lab.makeSimulation(seed: 1, keepsRecords: true)
        defer { simulation.shutDown() }
        var shares: [UInt64: Int] = [:]
        var taken = 0
        while taken < Self.start + messages,
            let record = try simulation.step(until: Instant(nanoseconds: 60_000_000_000))
        {
            for change in record.changes {
                guard case .peer(_, .delivered(_, let origin, _), _) = change else { continue }
                taken += 1
                if taken > Self.start { shares[origin, default: 0] += 1 }
            }
        }
        return shares.values.sorted()
    }

    @Test(
        arguments: places,
        [("latency: 1ms", 10_000), ("latency: {uniform: [1ms, 9ms]}", 40_000)])
    func saturatedPeersGetTheirShare(_ place: (hosts: String, on: String), _ lab: (links: String, messages: Int)) throws
    {
        let shares = try shares(place, lab.links, lab.messages)
        #expect(shares.count == 100)
        let mean = Double(shares.reduce(0, +)) / 100
        let (least, most) = (Double(try #require(shares.first)), Double(try #require(shares.last)))
        #expect(least >= 0.8 * mean && most <= 1.25 * mean, "\(least)…\(most), \(mean) in the mean")
    }
}
