/// How chaos draws a family of faults; said in the fault's own file.
struct ChaosSource: Sendable {
    /// When it is drawn for.
    enum Way: Sendable {
        /// Once, for probabilities that stand for the whole run.
        case standing(@Sendable (ChaosDraws) -> [Action])
        /// In every episode; nil where there is nothing to do it to.
        case episodes(@Sendable (ChaosDraws) -> Action?)
    }

    let family: FaultFamily
    let way: Way

    /// A family that stands for the whole run.
    static func standing(
        _ family: FaultFamily, _ draw: @escaping @Sendable (ChaosDraws) -> [Action]
    ) -> ChaosSource {
        ChaosSource(family: family, way: .standing(draw))
    }

    /// A family that strikes again and again.
    static func episodes(
        _ family: FaultFamily, _ draw: @escaping @Sendable (ChaosDraws) -> Action?
    ) -> ChaosSource {
        ChaosSource(family: family, way: .episodes(draw))
    }
}
