public import ArgumentParser
public import Lab

/// The form of a result.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The network of a run without a screen: `sim` or `loopback`.
extension ProviderKind: ExpressibleByArgument {}

/// The network, or both, for the screen.
enum Network: String, ExpressibleByArgument, CaseIterable {
    case sim
    case loopback
    case both

    /// What the keys drive.
    var first: ProviderKind {
        switch self {
        case .sim, .both: .sim
        case .loopback: .loopback
        }
    }

    /// What is shown beside it.
    var second: ProviderKind? {
        switch self {
        case .sim, .loopback: nil
        case .both: .loopback
        }
    }
}

/// A seed: an unsigned 64-bit number, also in `0x…` form.
struct Seed: ExpressibleByArgument {
    var value: UInt64

    init?(argument: String) {
        let parsed =
            argument.hasPrefix("0x") || argument.hasPrefix("0X")
            ? UInt64(argument.dropFirst(2), radix: 16) : UInt64(argument)
        guard let parsed else { return nil }
        value = parsed
    }
}

/// A place in a run: a time, or `#` and an event's number.
struct PlaceArgument: ExpressibleByArgument {
    var position: Position

    init?(argument: String) {
        if argument.hasPrefix("#") {
            guard let number = Int(argument.dropFirst()), number >= 0 else { return nil }
            position = .event(number)
        } else {
            guard let time = Units.duration(argument) else { return nil }
            position = .time(time)
        }
    }
}

/// The lab that a command works on.
struct LabArgument: ParsableArguments {
    @Argument(help: "A lab: a file, the name of one in ./labs or $PEERLAB_PATH, or - for standard input.")
    var lab: String

    func load() throws -> LabDefinition { try LabLibrary.standard().load(lab) }
}
