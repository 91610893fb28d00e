/// What kind of thing an action may be done to.
package enum TargetKind: String, Sendable, CaseIterable {
    /// A peer, and with it its process.
    case peer
    /// A host.
    case host
    /// A link.
    case link
    /// A connection.
    case connection

    /// What stands for it in help.
    package var metavariable: String { rawValue.uppercased() }
}

extension ActionForm {
    /// Something that an action is given.
    package struct Operand: Sendable {
        /// Its key in lab files and on lines.
        package var name: String
        /// What it can be.
        package var kind: Kind
        /// Words that may stand in the place of a value.
        package var words: [String]
        /// What stands for it in help.
        package var metavariable: String
        /// It may be left out.
        package var isOptional = false
        /// What it is where it is left out; nil for nothing.
        package var usual: OperandValue?
        /// It is written with its key, though it may be read without.
        package var isKeyed = false

        init(_ name: String, _ kind: Kind, words: [String] = [], _ metavariable: String? = nil) {
            self.name = name
            self.kind = kind
            self.words = words
            self.metavariable = metavariable ?? kind.metavariable(words)
        }

        /// It may be left out.
        var optional: Operand {
            var operand = self
            operand.isOptional = true
            return operand
        }

        /// It may be left out, and is this then.
        func usually(_ value: OperandValue) -> Operand {
            var operand = optional
            operand.usual = value
            return operand
        }

        /// It is written with its key.
        var keyed: Operand {
            var operand = self
            operand.isKeyed = true
            return operand
        }

        /// What it must be, for messages.
        package var expected: String {
            let value = kind.expected
            return (words + (value.isEmpty ? [] : [value])).joined(separator: " or ")
        }
    }
}

extension ActionForm.Operand {
    static let link = Self("link", .link)
    static let direction = Self("direction", .direction).optional
    static let host = Self("host", .host)
    static let peer = Self("peer", .peer)
    static let connection = Self("connection", .connection)
    static let side = Self("side", .side)
    static let segment = Self("segment", .segment)
    /// The place of what is pending among all that is.
    static let pending = Self("pending", .count(1...Int64.max), "PENDING").keyed
    static let service = Self("service", .service)
    static let probability = Self("probability", .probability)
    static let site = Self("site", .site)
    static let subject = Self("subject", .subject).optional
    static let draw = Self("draw", .count(1...Int64.max)).optional

    /// `probability`, always where it is not given.
    static let chance = probability.usually(.probability(.always))

    /// A time that something takes longer.
    static func by(_ range: ClosedRange<Int64> = .upToAnHour) -> Self { Self("by", .duration(range)) }

    /// A thing of one of some kinds; of those that have a thing of its name, the first is meant.
    static func of(_ kinds: TargetKind...) -> Self { Self("of", .target(kinds)) }

    /// One of the words of a type.
    static func word<Words: OperandWord>(_ name: String, _ type: Words.Type, _ metavariable: String? = nil) -> Self {
        Self(name, .word, words: type.allCases.map(\.word), metavariable)
    }
}

extension ClosedRange<Int64> {
    /// Durations to an hour, in nanoseconds: a thousandfold of it is still far from overflow.
    static let upToAnHour: Self = 0...3_600_000_000_000
    /// Durations above 0 to an hour, in nanoseconds.
    static let withinAnHour: Self = 1...3_600_000_000_000
}
