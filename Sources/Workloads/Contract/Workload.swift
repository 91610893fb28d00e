public import PeerNetworking

/// An application that a peer of a lab runs: those that ship and anyone's own come to a lab through the same registry.
///
/// It sees the contract alone, and no network: so it runs in the simulation and on sockets unchanged. One name may stand for
/// two workloads, the side that listens and the side that connects.
public protocol Workload: Sendable {
    /// What a lab file may say about it.
    associatedtype Parameters: WorkloadParameters = NoParameters

    /// The name in lab files, of `a-z`, `0-9` and `-`.
    static var name: String { get }
    /// Whether it has a port of its own, or connects to one.
    static var role: WorkloadRole { get }
    /// Whether one that listens connects to others beside that.
    static var alsoConnects: Bool { get }
    /// The names of those that it gets what it wants from, where it connects; its own name, unless it says so.
    static var otherSides: [String] { get }

    /// Its parameters: a lab file can be written from them.
    var parameters: Parameters { get }

    /// Makes the workload of its parameters, whose values are within their bounds.
    ///
    /// - Throws: ``Refusal`` where a needed parameter is missing, or some do not fit together; it comes out with its place in
    ///   the lab file.
    init(_ parameters: Parameters) throws(Refusal)

    /// The largest of its messages, in bytes, with all that it puts before the application's: it must fit the peer's frames.
    /// Nil for one whose messages always do.
    var largestMessage: Int? { get }

    /// Bytes of messages that it holds at once as soon as it runs, whatever the network takes of them: what a lab needs of
    /// memory is told by them. Those of a peer's queue are not among them; 0 where it makes one message after the other.
    var bytesAtOnce: Int { get }

    /// What it tells of itself with its parameters; unless it says so, it may tell anything.
    var tale: WorkloadTale { get }

    /// Runs until its work is done or its process ends.
    ///
    /// - Throws: what keeps it from going on; the peer has failed then, unless it is `cancelled`.
    func run(_ peer: PeerContext) async throws(NetworkError)
}

/// On which side of a connection a workload stands.
public enum WorkloadRole: String, Hashable, Sendable, CaseIterable {
    /// It listens on a port of its own, and may connect to others beside that.
    case listens
    /// It connects to a peer that listens.
    case connects
}

extension Workload {
    /// It does not.
    public static var alsoConnects: Bool { false }

    /// Its own name: the other side goes by the same.
    public static var otherSides: [String] { [name] }

    /// Nil: its messages fit every frame.
    public var largestMessage: Int? { nil }

    /// 0: it makes one message after the other.
    public var bytesAtOnce: Int { 0 }

    /// Anything: whether it counts and comes to an end is not known.
    public var tale: WorkloadTale { .anything }
}
