import Workloads

/// What the decoding of some parameters has in common: which names were asked for, and the bounds of values.
final class ParameterDecoding {
    let bounds: [String: ClosedRange<Int64>]
    /// Reads single values, in the words of lab files.
    var reader: LabFileReader
    /// The names that each mapping was asked for, by its path.
    private(set) var asked: [String: [String]] = [:]

    init(_ reader: LabFileReader, bounds: [String: ClosedRange<Int64>]) {
        self.reader = reader
        self.bounds = bounds
    }

    fileprivate func ask(_ name: String, of path: [String]) {
        let mapping = path.joined(separator: ".")
        if asked[mapping]?.contains(name) != true { asked[mapping, default: []].append(name) }
    }
}

/// A value that is not as it must be.
struct UnreadParameter: Error {
    /// What is wrong with it.
    enum Flaw: Sendable {
        /// The reader of the value has said so.
        case isReported
        /// It is no mapping: which names that would have, its type knows.
        case isNoMapping(SourceValue)
        /// It is not what it must be.
        case other(Place, String)
    }

    /// Where it is among the parameters: names, and numbers in lists.
    var path: [String]
    var flaw: Flaw
}

/// Reads a workload's parameters from the tree of a lab file.
struct ParameterDecoder: Decoder {
    let value: SourceValue
    let path: [String]
    let decoding: ParameterDecoding

    var codingPath: [any CodingKey] { path.map { ParameterKey(stringValue: $0) } }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let fields) = value.content else {
            throw UnreadParameter(path: path, flaw: .isNoMapping(value))
        }
        return KeyedDecodingContainer(KeyedParameters(fields: fields, decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .sequence(let elements) = value.content else { throw refuse("a list") }
        return ListedParameters(elements: elements, decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SingleParameter(decoder: self) }

    /// The name that messages call the value by.
    fileprivate var name: String { path.last { Int($0) == nil } ?? "run" }

    fileprivate func refuse(_ expected: String) -> UnreadParameter {
        UnreadParameter(
            path: path, flaw: .other(value.place, "'\(name)' must be \(expected), not \(value.kind)"))
    }

    fileprivate func part(_ value: SourceValue, _ name: String) -> ParameterDecoder {
        ParameterDecoder(value: value, path: path + [name], decoding: decoding)
    }

    private func bounds(_ usual: ClosedRange<Int64>) -> ClosedRange<Int64> {
        decoding.bounds[path.filter { Int($0) == nil }.joined(separator: ".")] ?? usual
    }

    /// Reads a value of a type that lab files have words for; any other reads itself.
    fileprivate func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let read: Any?
        switch type {
        case is String.Type:
            read = decoding.reader.text(value, name, "a text")
        case is Bool.Type:
            read = decoding.reader.boolean(value, name)
        case is TimeSpan.Type:
            read = decoding.reader.duration(value, name, in: bounds(TimeSpan.bounds))
                .map { TimeSpan(nanoseconds: $0) }
        case is ByteCount.Type:
            read = decoding.reader.size(value, name, in: bounds(ByteCount.bounds))
                .map { ByteCount(bytes: UInt64($0)) }
        case is MessageSize.Type:
            read = decoding.reader.bytes(value, name, in: bounds(MessageSize.bounds))
                .map { MessageSize(bytes: Int($0)) }
        case let choice as any LabChoice.Type:
            read = self.choice(choice)
        case let whole as any FixedWidthInteger.Type:
            read = integer(whole)
        case let real as any BinaryFloatingPoint.Type:
            read = number(real)
        default:
            return try Value(from: self)
        }
        guard let read = read as? Value else { throw UnreadParameter(path: path, flaw: .isReported) }
        return read
    }

    private func choice<Choice: LabChoice>(_ type: Choice.Type) -> Choice? {
        let known = Choice.allCases.map(\.labName)
        guard let text = decoding.reader.text(value, name, listing(known, "or")) else { return nil }
        if let choice = Choice.allCases.first(where: { $0.labName == text }) { return choice }
        decoding.reader.reportUnknown(name, text, at: value.place, known: known, of: "'\(name)'")
        return nil
    }

    private func integer<Whole: FixedWidthInteger>(_ type: Whole.Type) -> Whole? {
        let range = bounds(Int64(clamping: Whole.min)...Int64(clamping: Whole.max))
        return decoding.reader.integer(value, name, in: Int(range.lowerBound)...Int(range.upperBound))
            .flatMap { Whole(exactly: $0) }
    }

    private func number<Real: BinaryFloatingPoint>(_ type: Real.Type) -> Real? {
        let range = bounds(Int64(-1_000_000_000)...Int64(1_000_000_000))
        return decoding.reader.number(value, name, in: Double(range.lowerBound)...Double(range.upperBound))
            .map { Real($0) }
    }
}

/// A name, or a number in a list.
private struct ParameterKey: CodingKey {
    let stringValue: String
    var intValue: Int? { Int(stringValue) }

    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { stringValue = "\(intValue)" }
}

private struct KeyedParameters<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let fields: [SourceField]
    let decoder: ParameterDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { fields.compactMap { Key(stringValue: $0.name) } }

    private func field(_ key: Key) -> SourceValue? {
        let name = LabName.of(key.stringValue)
        decoder.decoding.ask(name, of: decoder.path)
        return fields.last { $0.name == name }?.value
    }

    private func part(_ key: Key) throws -> ParameterDecoder {
        let name = LabName.of(key.stringValue)
        guard let value = field(key) else {
            throw UnreadParameter(path: decoder.path, flaw: .other(decoder.value.place, "'\(name)' is missing"))
        }
        return decoder.part(value, name)
    }

    func contains(_ key: Key) -> Bool { field(key) != nil }
    /// A value of nothing is one that is wrong, and not one that is left out.
    func decodeNil(forKey key: Key) -> Bool { field(key) == nil }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try part(key).read(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try part(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try part(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try part(key) }
}

private struct ListedParameters: UnkeyedDecodingContainer {
    let elements: [SourceValue]
    let decoder: ParameterDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }
    private(set) var currentIndex = 0

    init(elements: [SourceValue], decoder: ParameterDecoder) {
        self.elements = elements
        self.decoder = decoder
    }

    private mutating func part() throws -> ParameterDecoder {
        guard !isAtEnd else { throw decoder.refuse("a longer list") }
        defer { currentIndex += 1 }
        return decoder.part(elements[currentIndex], "\(currentIndex)")
    }

    mutating func decodeNil() -> Bool { false }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try part().read(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        try part().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try part().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try part() }
}

private struct SingleParameter: SingleValueDecodingContainer {
    let decoder: ParameterDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.read(type) }
}
