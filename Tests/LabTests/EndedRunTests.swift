import PeerNetworking
import Testing

@testable import Lab
@testable import SimNetwork

/// A run that has ended leaves nothing: what its peers hold of one another must not keep its world.
@Suite struct EndedRunTests {
    @Test(arguments: LabsOnDisk.names)
    func itsWorldGoes(name: String) throws { try check(name, to: 2_500_000_000) }

    /// All its workers are free then, and it holds every one of them.
    @Test func theWorldOfAQueueThatIsDoneGoes() throws { try check("jobs", to: 20_000_000_000) }

    private func check(_ name: String, to time: Int64) throws {
        weak var world: World?
        do {
            var arranged = RecordLog()
            let run = Run(lab: try LabsOnDisk.lab(name), seed: 1, arranged: &arranged)
            world = run.simulation.world
            while try run.step(until: time) {}
            #expect(run.state.event > 50 && world != nil)
            run.close()
        }
        let isGone = world == nil
        #expect(isGone)
    }
}
