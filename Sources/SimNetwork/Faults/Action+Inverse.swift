extension Action {
    /// What undoes it, for actions that last a while: a cut is healed, power returns, a paused process goes on.
    public var inverse: Action? {
        switch self {
        case .cut(let link, let direction): .heal(link, direction)
        case .powerLoss(let host): .powerOn(host)
        case .kill(let process): .restart(process)
        case .pause(let process): .resume(process)
        case .slowReader(let process, let rate) where rate > 0: .slowReader(process, bytesPerSecond: 0)
        default: nil
        }
    }
}
