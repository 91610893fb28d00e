public import PeerNetworking

/// An enum among a workload's parameters whose cases lab files name: one that is none of them is refused with the nearest.
public protocol LabChoice: Codable, Hashable, Sendable, CaseIterable {
    /// The case's name in lab files.
    var labName: String { get }
}

extension LabChoice where Self: RawRepresentable, RawValue == String {
    /// The raw value.
    public var labName: String { rawValue }
}

extension ConnectionPool.Selection: LabChoice {}

extension Delivery: LabChoice {
    /// `unreliable`, `reliable` or `exactly-once`.
    public var labName: String {
        switch self {
        case .unreliable: "unreliable"
        case .reliable: "reliable"
        case .exactlyOnce: "exactly-once"
        }
    }
}
