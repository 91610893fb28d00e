/// What a user, or the terminal, tells the screen.
package enum Input: Hashable, Sendable {
    /// A character typed.
    case key(Character)
    /// Text put in at once, with whatever line breaks are in it.
    case paste(String)
    /// A character typed with Control, as a small letter.
    case control(Character)
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case insert
    /// A function key, from 1.
    case function(Int)
    /// A button of the mouse, or its wheel.
    case mouse(MouseEvent)
    /// The terminal has another size now, or its content was lost; the device already knows.
    case resize(Size)
    /// Control-C, or SIGINT.
    case interrupt
    /// Control-Z, or SIGTSTP: the application calls `suspend()` when it is ready to.
    case suspend
    /// SIGTERM, SIGHUP, or the terminal has gone: the application finishes its files, closes the device and exits.
    case terminate
}

/// What the mouse did.
package struct MouseEvent: Hashable, Sendable {
    /// What happened to the button or the wheel.
    package enum Kind: Hashable, Sendable {
        /// A button went down.
        case press
        /// The wheel turned away from the user.
        case scrollUp
        /// The wheel turned towards the user.
        case scrollDown
    }

    /// What happened.
    package var kind: Kind
    /// The button: 1 left, 2 middle, 3 right; 0 for the wheel.
    package var button: Int
    /// Where it happened.
    package var position: Position

    /// Makes an event of the mouse.
    package init(_ kind: Kind, button: Int = 0, at position: Position) {
        self.kind = kind
        self.button = button
        self.position = position
    }
}
