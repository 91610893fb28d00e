package import SimNetwork

extension Snapshot {
    /// Why nothing can be done at the cursor, whatever it is; nil where something can.
    package var obstacle: String? {
        if traits.canChangeThePast { return nil }
        if isRecorded { return "this was recorded on \(provider.rawValue): nothing can be done to what has happened" }
        if isOver { return "the run is over: nothing can be done to it any more" }
        return isLive ? nil : "real sockets have no past to change: go to the end first (])"
    }

    /// Why an action cannot be done at the cursor, as far as that is known beforehand; nil where it can.
    package func obstacle(to action: Action) -> String? { obstacle ?? provider.obstacle(to: action) }
}
