import Bug

/// What numbers in records stand for.
public struct RecordNames: Hashable, Sendable {
    /// The names of the peers, by number.
    public private(set) var peers: [String] = []
    /// The names that peers gave the subjects of draws, by number.
    public private(set) var subjects: [String] = []
    /// What tasks wait for, by number.
    public private(set) var tasks: [String] = []

    /// No names.
    public init() {}

    /// Takes in a name: its number is the next of its kind.
    mutating func add(_ name: String, _ kind: NameKind, _ number: Int32) {
        func add(to names: inout [String]) {
            insist(Int(number) == names.count, "\(kind) \(number) named after \(names.count)")
            names.append(name)
        }
        switch kind {
        case .peer: add(to: &peers)
        case .subject: add(to: &subjects)
        case .task: add(to: &tasks)
        }
    }
}

/// What things have names that records refer to by a number.
public enum NameKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Peers.
    case peer
    /// What peers draw for.
    case subject
    /// Tasks, by what they wait for.
    case task
}
