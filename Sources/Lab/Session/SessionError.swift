/// Why a session refuses what it was asked.
public struct SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, as a sentence for the user: one line, fit for a terminal.
    public let description: String

    /// Makes an error of a sentence.
    public init(_ description: String) {
        self.description = Printable.line(description, atMost: Printable.mostOfMessage)
    }
}
