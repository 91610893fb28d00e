/// What a call that writes says of its bytes (`send(2)`).
package struct WriteFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// More is to follow: what is less than a segment waits for it (`MSG_MORE`).
    package static let more = WriteFlags(rawValue: 1)
    /// A record ends with them: no segment runs over its end (`MSG_EOR`).
    package static let endOfRecord = WriteFlags(rawValue: 2)
}
