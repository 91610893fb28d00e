/// An ordered pair of hosts whose way is longer.
struct SlowPair {
    let from: Host
    let to: Host
    var extra: Int64
}
