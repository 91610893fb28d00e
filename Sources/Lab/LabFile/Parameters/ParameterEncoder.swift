import Bug
import Workloads

/// Writes a workload's parameters as a lab file has them: a tree of texts, lists and mappings, without places.
final class ParameterEncoder: Encoder {
    private(set) var value: SourceValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    /// Hands a finished value to what it is part of.
    private let finish: (SourceValue) -> Void

    /// The tree of some parameters.
    static func tree(of parameters: some WorkloadParameters) -> SourceValue {
        let encoder = ParameterEncoder(at: []) { _ in }
        // The encoder itself refuses nothing: what throws is a workload's own code.
        do { try parameters.encode(to: encoder) } catch { bug("\(error)") }
        return encoder.value
    }

    fileprivate init(at path: [any CodingKey], finish: @escaping (SourceValue) -> Void) {
        value = SourceValue(place: .nowhere, content: .mapping([]))
        codingPath = path
        self.finish = finish
    }

    fileprivate func set(_ content: SourceValue.Content) {
        value.content = content
        finish(value)
    }

    fileprivate func append(_ element: SourceValue) -> Int {
        guard case .sequence(var elements) = value.content else { bug("no list") }
        elements.append(element)
        set(.sequence(elements))
        return elements.count - 1
    }

    fileprivate func replace(_ index: Int, with element: SourceValue) {
        guard case .sequence(var elements) = value.content else { bug("no list") }
        elements[index] = element
        set(.sequence(elements))
    }

    fileprivate func put(_ element: SourceValue, under name: String) {
        guard case .mapping(var fields) = value.content else { bug("no mapping") }
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].value = element
        } else {
            fields.append(SourceField(name: name, place: .nowhere, value: element))
        }
        set(.mapping(fields))
    }

    fileprivate var count: Int {
        if case .sequence(let elements) = value.content { elements.count } else { 0 }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        set(.mapping([]))
        return KeyedEncodingContainer(ParameterKeys<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        set(.sequence([]))
        return ParameterList(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { ParameterScalar(encoder: self) }

    /// Writes a value into this encoder's place.
    fileprivate func write<Value: Encodable>(_ value: Value) throws {
        switch value {
        case let text as String: set(.scalar(text))
        case let span as TimeSpan: set(.scalar(Scale.duration.text(span.nanoseconds)))
        case let bytes as ByteCount: set(.scalar(Scale.size.text(Int64(bytes.bytes))))
        case let size as MessageSize: set(.scalar(Scale.size.text(Int64(size.bytes))))
        case let choice as any LabChoice: set(.scalar(choice.labName))
        case is Bool, is any FixedWidthInteger, is any BinaryFloatingPoint: set(.scalar("\(value)"))
        default: try value.encode(to: self)
        }
    }
}

private struct ParameterKeys<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ParameterEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    private func part(_ key: any CodingKey) -> ParameterEncoder {
        let name = LabName.of(key.stringValue)
        return ParameterEncoder(at: codingPath + [key]) { [encoder] in encoder.put($0, under: name) }
    }

    func encodeNil(forKey key: Key) {}
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try part(key).write(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        part(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { part(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { part(key) }
}

private struct ParameterList: UnkeyedEncodingContainer {
    let encoder: ParameterEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.count }

    private func part() -> ParameterEncoder {
        let index = encoder.append(SourceValue(place: .nowhere, content: .mapping([])))
        return ParameterEncoder(at: codingPath) { [encoder] in encoder.replace(index, with: $0) }
    }

    func encodeNil() {}
    func encode<Value: Encodable>(_ value: Value) throws { try part().write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        part().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { part().unkeyedContainer() }
    func superEncoder() -> any Encoder { part() }
}

private struct ParameterScalar: SingleValueEncodingContainer {
    let encoder: ParameterEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() {}
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.write(value) }
}
