/// A screen to show frames on, and a keyboard to read.
///
/// A device belongs to one thread: every call is made there.
package protocol TerminalDevice: AnyObject {
    /// The extent of the screen; changes with `Input.resize`.
    var size: Size { get }
    /// What the screen can show.
    var capabilities: Capabilities { get }

    /// Shows a frame, and the cursor at a position of it or nowhere. A frame of another size is cut to the screen.
    func show(_ frame: Frame, cursor: Position?)

    /// The next input, waiting for it so many milliseconds; below zero, for as long as it takes.
    ///
    /// - Returns: `nil` where nothing came in time.
    func nextInput(timeoutMilliseconds: Int) -> Input?

    /// Whether somebody wants to interrupt what goes on, as by Control-C; who asks takes that up, and no input comes of it.
    func takeInterrupt() -> Bool

    /// Draws everything anew at the next `show`, as after another program wrote to the terminal.
    func redraw()

    /// Gives the terminal back, stops the process, and takes the terminal again when the process goes on.
    func suspend()

    /// Gives the terminal back for good; later calls do nothing.
    func close()
}

extension TerminalDevice {
    /// Nobody does.
    package func takeInterrupt() -> Bool { false }

    /// Shows a frame without a cursor.
    package func show(_ frame: Frame) {
        show(frame, cursor: nil)
    }
}
