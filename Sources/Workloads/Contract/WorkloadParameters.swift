/// The parameters of a workload, as a lab file gives them: `suspectAfter` is written `suspect-after` there.
///
/// A lab file's values are laid over those of ``init()``: what it does not say stays as it is there. What must be given is an
/// optional, and its absence is refused by ``Workload/init(_:)``. Values are numbers, texts, truth values, cases of an enum of
/// strings, lists, further structures, and ``TimeSpan``, ``ByteCount`` and ``MessageSize``.
public protocol WorkloadParameters: Codable, Hashable, Sendable {
    /// The values of one that a lab file says nothing about.
    init()

    /// The bounds of numbers, times (in nanoseconds) and sizes (in bytes) by their names in lab files, `pool.idle` for one
    /// within another; without, those of the value's type.
    static var bounds: [String: ClosedRange<Int64>] { get }
}

extension WorkloadParameters {
    /// None: the types' own bounds.
    public static var bounds: [String: ClosedRange<Int64>] { [:] }

    /// The usual parameters with some of them changed.
    public static func with(_ change: (inout Self) -> Void) -> Self {
        var parameters = Self()
        change(&parameters)
        return parameters
    }
}

/// The parameters of a workload that has none.
public struct NoParameters: WorkloadParameters {
    /// Makes none.
    public init() {}
}

extension Workload where Parameters == NoParameters {
    /// None.
    public var parameters: NoParameters { NoParameters() }
}

/// Why a workload cannot be made of its parameters.
public struct Refusal: Error, Hashable, Sendable {
    /// Something that is wrong, and where.
    public struct Problem: Hashable, Sendable {
        /// What of a lab file's entry is meant.
        public enum Place: Hashable, Sendable {
            /// All parameters together.
            case whole
            /// The value at a path of names in lab files; `["topics", "0"]` for the first of a list.
            case value([String])
            /// The name of a parameter, which should not be there.
            case key(String)
            /// The peer's `connect`, or its `listen`.
            case endpoint
        }

        /// Where.
        public var place: Place
        /// What is wrong, as a sentence for the lab's author.
        public var words: String

        /// Makes a problem.
        public init(place: Place, words: String) {
            self.place = place
            self.words = words
        }
    }

    /// One or more.
    public var problems: [Problem]

    /// Refuses for one reason.
    public init(_ words: String, at place: Problem.Place = .whole) {
        problems = [Problem(place: place, words: words)]
    }

    /// Refuses for all of these.
    public init(_ problems: [Problem]) {
        self.problems = problems
    }
}
