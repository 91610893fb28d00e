public import ArgumentParser
public import Lab

/// The form of a result.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The network of a run without a screen: `sim`, `loopback` or `linux`.
extension ProviderKind: ExpressibleByArgument {
    /// Opens a session of a lab.
    ///
    /// - Throws: ``Failure`` where this process has not what that takes.
    func session(of lab: LabDefinition, seed: Seed?, memory: LogMemory) throws -> any LabSession {
        if let obstacle = obstacle(to: lab) { throw Failure(status: .unusable, message: "error: \(obstacle)") }
        return open(lab, seed: seed?.value, memory: memory)
    }
}

/// The network, or both, for the screen.
enum Network: String, ExpressibleByArgument, CaseIterable {
    case sim
    case loopback
    case linux
    case both

    /// What the keys drive.
    var first: ProviderKind {
        switch self {
        case .sim, .both: .sim
        case .loopback: .loopback
        case .linux: .linux
        }
    }

    /// What is shown beside it: hosts with the kernel's own TCP where this machine has them for the lab, and else loopback.
    func second(for lab: LabDefinition) -> ProviderKind? {
        switch self {
        case .sim, .loopback, .linux: nil
        case .both: ProviderKind.linux.obstacle(to: lab) == nil ? .linux : .loopback
        }
    }
}

/// A seed: an unsigned 64-bit number, also in `0x…` form.
struct Seed {
    var value: UInt64

    /// Reads one.
    ///
    /// - Throws: ``SessionError`` that says what a seed is.
    static func read(_ text: String) throws(SessionError) -> Seed {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let parsed = isHexadecimal ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        guard let parsed else {
            throw SessionError("a seed is a number from 0 to 18446744073709551615, decimal or 0x…")
        }
        return Seed(value: parsed)
    }
}

/// A place in a run: a time, `#` and an event's number, or where something fails.
enum PlaceArgument {
    case position(Position)
    case failure

    /// What stands for where something fails.
    private static let failed = "failed"

    /// Reads one.
    ///
    /// - Throws: ``SessionError`` that says what is wrong with it.
    static func read(_ text: String) throws(SessionError) -> PlaceArgument {
        text == failed ? .failure : .position(try position(text))
    }

    private static func position(_ text: String) throws(SessionError) -> Position {
        guard text.hasPrefix("#") else { return .time(try Units.readDuration(text)) }
        guard let number = Int(text.dropFirst()), number >= 0 else {
            throw SessionError("an event is # and its number, as in '#1200'")
        }
        return .event(number)
    }

    /// Reads a place with what is done there.
    ///
    /// - Throws: ``SessionError`` that says what is wrong with it.
    static func readAction(_ text: String) throws(SessionError) -> PlacedAction {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else {
            throw SessionError("a place and an action are expected, as in '2.5s cut a-b'")
        }
        return PlacedAction(try position(String(words[0])), String(words[1]))
    }
}

/// The lab that a command works on.
struct LabArgument: ParsableArguments {
    @Argument(help: "A lab: a file, the name of one in ./labs or $PEERLAB_PATH, or - for standard input.")
    var lab: String

    /// Reads the lab, and notes its file.
    func load(_ files: inout FilesInUse) throws -> LabDefinition { try Self.load(lab, &files) }

    /// Reads a lab, and notes its file.
    static func load(_ lab: String, _ files: inout FilesInUse) throws -> LabDefinition {
        let library = LabLibrary.standard()
        files.reads(try library.path(of: lab), "the lab")
        return try library.load(lab, workloads: KnownWorkloads.all)
    }
}
