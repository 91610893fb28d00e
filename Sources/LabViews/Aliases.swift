import Lab
import Screen

// Two imported modules have a type of each of these names; here they mean one of them.

/// A place on the screen.
typealias Position = Screen.Position
/// A place in a run.
typealias RunPosition = Lab.Position
/// A picture of the whole screen.
typealias Frame = Screen.Frame
