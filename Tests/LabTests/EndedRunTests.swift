import PeerNetworking
import Testing

@testable import Lab
@testable import SimNetwork

/// A run that has ended leaves nothing: what its peers hold of one another must not keep its world.
@Suite struct EndedRunTests {
    @Test(arguments: LabsOnDisk.names)
    func itsWorldGoes(name: String) throws {
        weak var world: World?
        do {
            var arranged = RecordLog()
            let run = Run(lab: try LabsOnDisk.lab(name), seed: 1, arranged: &arranged)
            world = run.simulation.world
            while try run.step(until: 2_500_000_000) {}
            #expect(run.state.event > 50 && world != nil)
            run.close()
        }
        let isGone = world == nil
        #expect(isGone)
    }
}
