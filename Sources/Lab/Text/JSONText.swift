package import Foundation

/// Writes JSON that may go to a terminal: keys in order, slashes as they are.
package struct JSONText {
    private let encoder = JSONEncoder()

    /// - Parameter isPretty: on many lines, for people too.
    package init(isPretty: Bool = false) {
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    }

    /// A value as JSON.
    ///
    /// - Throws: what the value's own encoding does.
    package func data(_ value: some Encodable) throws -> Data { Printable.json(try encoder.encode(value)) }

    /// A value as JSON.
    ///
    /// - Throws: what the value's own encoding does.
    package func string(_ value: some Encodable) throws -> String { String(decoding: try data(value), as: UTF8.self) }
}
