/// Counter-based randomness: a draw is a pure function of the seed, the site, the subject and the draw's number there.
///
/// So a draw more at one site, or for one subject, moves no draw of another. After Salmon et al., "Parallel Random
/// Numbers: As Easy as 1, 2, 3" (SC 2011).
public protocol RandomProvider: Sendable {
    /// Draws the next 64 uniformly distributed bits of a site for a subject.
    ///
    /// - Parameters:
    ///   - site: the place in the code, for example `peer.backoff.jitter`.
    ///   - subject: the stable name of what the draw is for: a peer, a connection, a host.
    func next(_ site: StaticString, for subject: String) -> UInt64
}

extension RandomProvider {
    /// Draws an integer from `0 ..< bound`, without bias worth naming (below 2⁻³² for bounds below 2³²).
    ///
    /// - Parameter bound: 1 or more.
    public func next(below bound: UInt64, _ site: StaticString, for subject: String) -> UInt64 {
        next(site, for: subject).multipliedFullWidth(by: bound).high
    }
}
