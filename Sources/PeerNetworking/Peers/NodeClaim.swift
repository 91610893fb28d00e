/// What a node says to a connection that another one has opened.
enum NodeVerdict: Sendable {
    /// A link has taken it over.
    case adopted
    /// Another connection between the two is kept: in words.
    case refused(String)
    /// The node knows nobody of that name: the connection is a session as any other.
    case stranger
}

/// Decides over a connection that another node has opened.
typealias NodeClaim = @Sendable (Greeting) async -> NodeVerdict
