// What layers, the state and the counts ask of an action.
extension Action {
    /// What it sets, without to what, as the action that lifts it; nil for one that sets nothing, or nothing that another
    /// could set otherwise.
    var setting: Action? {
        switch kind {
        case .set(let setting): type(of: setting).isLayered ? inverse : nil
        case .lift(let setting): type(of: setting).isLayered ? self : nil
        case .deed: nil
        }
    }

    /// Whether what has been set here is lifted with another setting.
    func isLifted(with other: Action) -> Bool {
        switch (kind, other.kind) {
        case (.set(let setting), .lift(let lifting)): setting.isLifted(withAny: lifting)
        case (.set, .set), (.set, .deed), (.lift, _), (.deed, _): false
        }
    }

    /// The state shows it as an action that stands.
    var isListed: Bool {
        switch kind {
        case .set(let setting), .lift(let setting): type(of: setting).isListed
        case .deed: false
        }
    }

    /// Draws decide when it strikes: that it is set strikes nobody.
    var isDrawn: Bool {
        switch kind {
        case .set: FaultSite.families[family.position]
        case .lift, .deed: false
        }
    }
}

extension FaultSite {
    /// Of each family whether it strikes where a draw says so.
    fileprivate static let families = {
        let drawn = Set(allCases.map(\.family))
        return FaultFamily.allCases.map { drawn.contains($0) }
    }()
}
