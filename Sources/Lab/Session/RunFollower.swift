public import SimNetwork

/// Takes in the events of a run as they happen: for a run that keeps none of them.
public protocol RunFollower: AnyObject {
    /// Takes in an event.
    ///
    /// - Parameter names: what its numbers stand for.
    func takes(_ record: EventRecord, _ names: Names)
}
