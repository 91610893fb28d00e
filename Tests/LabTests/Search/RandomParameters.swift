import Workloads

@testable import Lab

/// Decodes a workload's parameters out of random numbers: any that a lab file may give, extremes often.
///
/// It asks for what the type itself asks for, within the bounds that the type gives.
struct RandomParameters: Decoder {
    let dice: SharedDice
    let bounds: [String: ClosedRange<Int64>]
    var path: [String] = []

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Parameters of a type, in the words of a lab file.
    static func text<Parameters: WorkloadParameters>(of type: Parameters.Type, _ dice: SharedDice) throws -> String {
        let random = RandomParameters(dice: dice, bounds: Parameters.bounds)
        return YAMLText.flow(ParameterEncoder.tree(of: try Parameters(from: random)))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed<Key>(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Listed(decoder: self, count: dice.below(3)) }
    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

    fileprivate func part(_ key: any CodingKey) -> RandomParameters {
        RandomParameters(dice: dice, bounds: bounds, path: path + [LabName.of(key.stringValue)])
    }

    private func number(_ usual: ClosedRange<Int64>) -> Int64 {
        let place = path.joined(separator: ".")
        return dice.number(in: Self.narrower[place] ?? bounds[place] ?? usual)
    }

    /// Bounds that a type looks at itself, beyond those of its numbers: without them few of its values would be valid.
    private static let narrower: [String: ClosedRange<Int64>] = [
        "pool.minimum": 1...4, "pool.maximum": 4...1_000, "pool.idle": 1_000_000...86_400_000_000_000,
    ]

    fileprivate func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value: Any?
        switch type {
        case is String.Type: value = dice.choose(["x", "news", "a b", "ü", "0"])
        case is Bool.Type: value = dice.below(2) == 0
        case is TimeSpan.Type: value = TimeSpan(nanoseconds: number(TimeSpan.bounds))
        case is ByteCount.Type: value = ByteCount(bytes: UInt64(number(ByteCount.bounds)))
        case is MessageSize.Type: value = MessageSize(bytes: Int(number(MessageSize.bounds)))
        case let choice as any LabChoice.Type: value = any(of: choice)
        case let whole as any FixedWidthInteger.Type: value = integer(whole)
        case let real as any BinaryFloatingPoint.Type: value = fraction(real)
        default: return try Value(from: self)
        }
        guard let value = value as? Value else { throw NoValue() }
        return value
    }

    private func any<Choice: LabChoice>(of type: Choice.Type) -> Choice? { dice.choose(Array(Choice.allCases)) }

    private func integer<Whole: FixedWidthInteger>(_ type: Whole.Type) -> Whole? {
        Whole(exactly: number(max(0, Int64(clamping: Whole.min))...min(1_000_000, Int64(clamping: Whole.max))))
    }

    private func fraction<Real: BinaryFloatingPoint>(_ type: Real.Type) -> Real? {
        Real(dice.choose([0, 0.001, 0.5, 1]))
    }

    /// A type of which no random value is known.
    struct NoValue: Error {}
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RandomParameters
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { decoder.dice.below(2) == 0 }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.part(key).read(type)
    }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Nested> { decoder.part(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        decoder.part(key).unkeyedContainer()
    }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) -> any Decoder { decoder.part(key) }
}

private struct Listed: UnkeyedDecodingContainer {
    let decoder: RandomParameters
    let count: Int?
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var isAtEnd: Bool { currentIndex >= count ?? 0 }

    init(decoder: RandomParameters, count: Int) {
        self.decoder = decoder
        self.count = count
    }

    mutating func decodeNil() -> Bool { false }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        return try decoder.read(type)
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
        decoder.container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { decoder.unkeyedContainer() }
    mutating func superDecoder() -> any Decoder { decoder }
}

private struct Single: SingleValueDecodingContainer {
    let decoder: RandomParameters
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { decoder.dice.below(2) == 0 }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.read(type) }
}
