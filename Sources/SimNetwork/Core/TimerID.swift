/// A timer: its slot and the generation it was made in, so that a reused slot is not mistaken for it.
struct TimerID: Hashable {
    let index: UInt32
    let generation: UInt32
}
