import CTrap

/// States what only a bug can leave undone, in builds with and without optimisation, with a text in both: Swift's own
/// `precondition` traps without one in builds with it.
///
/// - Parameters:
///   - condition: what must hold.
///   - text: what is wrong where it does not.
@inlinable
@inline(__always)
package func insist(
    _ condition: @autoclosure () -> Bool, _ text: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    if _fastPath(condition()) { return }
    bug(text(), file: file, line: line)
}

/// Ends the process where only a bug can lead: standard error says so, with the text and where the run is.
///
/// - Parameter text: what is wrong.
@usableFromInline
@inline(never)
package func bug(_ text: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) -> Never {
    let text = text()
    // In other programs, tests among them, nobody listens.
    guard peerlab_catches_traps() else { fatalError(text, file: file, line: line) }
    peerlab_note_bug("\(text) (\(file):\(line))")
    peerlab_trap()
}
