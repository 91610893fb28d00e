import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Draws that nothing shifts: a draw that is vetoed changes what follows from it, and no other draw's value.
@Suite struct VetoTests {
    /// What a draw is keyed by.
    struct Key: Hashable {
        var site: DrawSite
        /// The subject with the stable names of connections: their numbers hang on which attempts there were.
        var subject: String
        var number: UInt64
    }

    /// The draws of a run in order, and those of its processes' own randomness left out.
    struct Run {
        var draws: [(key: Key, draw: DrawRecord)] = []
        /// When chaos strikes, by family.
        var episodes: [FaultFamily: [Int64]] = [:]

        init(_ lab: LabDefinition, seed: UInt64, vetoing veto: DrawOverride? = nil) throws {
            var lab = lab
            if let veto { lab.standing.append(.override(veto)) }
            let simulation = lab.makeSimulation(seed: seed, keepsRecords: true)
            defer { simulation.shutDown() }
            var names = StableNames(lab)
            while let record = try simulation.step(until: Instant(nanoseconds: lab.duration)) {
                for change in record.changes {
                    names.see(change)
                    switch change {
                    case .draw(let draw):
                        let subject = names.name(draw.subject, simulation.subjectNames) ?? ""
                        draws.append((Key(site: draw.site, subject: subject, number: draw.number), draw))
                    case .episode(let family, let due): episodes[family, default: []].append(due)
                    default: break
                    }
                }
            }
        }
    }

    /// Vetoes draws of a run that fired, one at a time, and looks at all others.
    ///
    /// - Returns: how many were vetoed.
    static func veto(_ lab: LabDefinition, seed: UInt64, every stride: Int) throws -> Int {
        let free = try Run(lab, seed: seed)
        let values = Dictionary(free.draws.map { ($0.key, $0.draw.value) }, uniquingKeysWith: { first, _ in first })
        let fired = free.draws.filter { $0.draw.fires }
        var count = 0
        for (index, one) in fired.enumerated() where index % stride == Int(seed) % stride {
            let veto = DrawOverride(
                site: one.key.site.description, subject: one.key.subject.isEmpty ? nil : one.key.subject,
                number: one.key.number, fires: false)
            let vetoed = try Run(lab, seed: seed, vetoing: veto)
            let same = try #require(
                vetoed.draws.first { $0.key == one.key }, "seed \(seed): \(one.key) is not drawn any more")
            #expect(same.draw.isForced && !same.draw.fires && same.draw.value == one.draw.value, "\(one.key)")
            // Until then nothing is otherwise; afterwards what is drawn for has the value that it had.
            let before = free.draws.prefix { $0.key != one.key }.map(\.key)
            #expect(vetoed.draws.prefix(before.count).map(\.key) == before, "seed \(seed): before \(one.key)")
            let moved = vetoed.draws.filter { values[$0.key].map { [value = $0.draw.value] in $0 != value } ?? false }
            #expect(
                moved.isEmpty, "seed \(seed): the veto of \(one.key) moved \(moved.count), first \(moved.first!.key)")
            #expect(vetoed.episodes == free.episodes, "seed \(seed): the veto of \(one.key) moved chaos")
            count += 1
        }
        return count
    }

    @Test func aVetoMovesNoOtherDraw() throws {
        let lab = try LabsOnDisk.lab("bench-chaos")
        var vetoed = 0
        for seed in 1...6 as ClosedRange<UInt64> { vetoed += try Self.veto(lab, seed: seed, every: 23) }
        #expect(vetoed > 40)
    }
}

/// Every fired draw of fifty runs, one at a time.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct VetoSoakTests {
    @Test func aVetoMovesNoOtherDraw() throws {
        let lab = try LabsOnDisk.lab("bench-chaos")
        var vetoed = 0
        for seed in 100..<150 as Range<UInt64> { vetoed += try VetoTests.veto(lab, seed: seed, every: 1) }
        #expect(vetoed > 5_000)
    }
}
