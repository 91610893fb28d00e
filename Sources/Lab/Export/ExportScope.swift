package import PeerNetworking
import SimNetwork

/// What of a run is exported.
package struct ExportScope {
    /// The lab that has run.
    package var lab: LabDefinition
    /// The seed of the run.
    package var seed: UInt64
    /// The times that are shown, in nanoseconds, both ends among them.
    package var times: ClosedRange<Int64> = 0...Int64.max
    /// The one connection whose segments are shown; nil for all.
    package var connection: ConnectionID?

    /// All of a run.
    package init(_ lab: LabDefinition, seed: UInt64) { (self.lab, self.seed) = (lab, seed) }

    /// Whether a connection's segments are shown.
    func includes(_ connection: ConnectionID?) -> Bool { self.connection == nil || connection == self.connection }

    /// A host's name.
    func name(_ host: HostID) -> String { lab.topology.hosts[Int(host.index)].name }
}
