import PeerNetworking
import SimNetwork
import Testing
import TCP

/// What a segment was sent for is in its record: what its header alone does not tell.
@Suite struct PurposeTests {
    /// The purposes of the segments of a run, each as often as there were such segments.
    private func purposes(_ hosts: TwoHosts, until seconds: Int64) throws -> [SegmentPurpose: Int] {
        var purposes: [SegmentPurpose: Int] = [:]
        while let record = try hosts.simulation.step(until: Instant(nanoseconds: seconds * 1_000_000_000)) {
            for case .sent(let segment) in record.changes { purposes[segment.purpose, default: 0] += 1 }
        }
        return purposes
    }

    private func sends(_ hosts: TwoHosts, _ count: Int) {
        hosts.connect { stream, providers in
            try await stream.write(bytes(count))
            try await providers.time.sleep(for: .seconds(100))
        }
    }

    @Test func aSegmentThatGoesAgainIsARepetition() throws {
        let hosts = TwoHosts()
        hosts.serve { stream, _ in while try await stream.read(upTo: 1_000) != nil {} }
        sends(hosts, 100)
        hosts.simulation.schedule(.dropDuring(.firstData, hosts.link, .forward, .always), at: .zero)
        hosts.simulation.schedule(
            .dropDuring(.firstData, hosts.link, .forward, .never), at: .init(nanoseconds: 500_000_000))
        let found = try purposes(hosts, until: 20)
        #expect(found[.repetition] == 2, "at 200 and 600 ms")
        #expect(found[.windowProbe] == nil && found[.keepAliveProbe] == nil && found[.windowUpdate] == nil)
    }

    @Test func aClosedWindowIsProbedAndItsOpeningTold() throws {
        var tcp = TCPOptions()
        tcp.receiveBuffer = 2_048
        let hosts = TwoHosts(serverTCP: tcp)
        hosts.serve { stream, providers in
            try await providers.time.sleep(for: .seconds(5))
            while try await stream.read(upTo: 2_048) != nil {}
        }
        sends(hosts, 6_000)
        let found = try purposes(hosts, until: 20)
        #expect((found[.windowProbe] ?? 0) >= 3, "after 0.2, 0.6, 1.4 and 3 s")
        #expect((found[.windowUpdate] ?? 0) >= 1)
        #expect(found[.repetition] == nil)
    }

    @Test func anIdleConnectionIsProbed() throws {
        let hosts = TwoHosts()
        hosts.serve { stream, _ in while try await stream.read(upTo: 1_000) != nil {} }
        hosts.connect { stream, providers in
            try await stream.set(.keepAlive(KeepAlive(idle: .seconds(10), interval: .seconds(2), probes: 3)))
            try await providers.time.sleep(for: .seconds(100))
        }
        let found = try purposes(hosts, until: 35)
        #expect(found[.keepAliveProbe] == 3, "after 10, 20 and 30 s, each answered")
        #expect(found[.windowProbe] == nil && found[.repetition] == nil)
    }

    /// Its timer is called what it is for, too.
    @Test func theTimerOfAnEndIsNamedByWhatItIsFor() throws {
        var tcp = TCPOptions()
        tcp.receiveBuffer = 2_048
        let hosts = TwoHosts(serverTCP: tcp)
        hosts.serve { stream, providers in
            try await providers.time.sleep(for: .seconds(5))
            await stream.close()
        }
        sends(hosts, 6_000)
        var kinds: Set<TCPTimer> = []
        while let record = try hosts.simulation.step(until: Instant(nanoseconds: 20_000_000_000)) {
            for case .end(_, _, let change) in record.changes {
                if let timer = change.timer { kinds.insert(timer.kind) }
            }
        }
        #expect(kinds.isSuperset(of: [.retransmission, .persist]))
    }
}
