/// What a world is wanted for.
public enum WorldUse: Hashable, Sendable {
    /// To go on at the timeline's end.
    case goingOn
    /// To do something at the cursor.
    case intervening
}
