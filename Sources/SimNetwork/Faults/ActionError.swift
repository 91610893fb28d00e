/// Why an action could not be carried out.
public struct ActionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, as a sentence for the user.
    public let description: String

    init(_ description: String) { self.description = description }
}
