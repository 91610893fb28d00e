package import Screen

/// What a user chooses about the terminal.
package struct TerminalOptions: Hashable, Sendable {
    /// Whether only ASCII is drawn, whatever the locale says.
    package var forceASCII: Bool
    /// Whether the mouse belongs to the screen; else it selects text as the terminal does.
    package var mouse: Bool
    /// Whether the ground is dark or light; `nil` to ask `COLORFGBG`.
    package var background: Background?
    /// Where file descriptor 2 goes while the screen is up; `nil` to leave it.
    package var logPath: String?
    /// Whether the process is ended where it takes up no request to end, nor Control-C, for a second.
    package var watches: Bool

    /// Makes options.
    package init(
        forceASCII: Bool = false, mouse: Bool = true, background: Background? = nil, logPath: String? = nil,
        watches: Bool = false
    ) {
        self.forceASCII = forceASCII
        self.mouse = mouse
        self.background = background
        self.logPath = logPath
        self.watches = watches
    }
}

extension TerminalEnvironment {
    /// The ground that `COLORFGBG` tells: its last number is the background's; 7 and 9 to 15 are light.
    package var background: Background {
        guard let last = colorFgBg?.split(separator: ";").last, let number = Int(last) else { return .dark }
        return number == 7 || (9...15).contains(number) ? .light : .dark
    }

    /// The colour tier of a terminal of so many colours.
    package func tier(colors: Int) -> ColourTier {
        guard noColor ?? "" == "" else { return .none }
        return colors >= 256 ? .twoHundredFiftySix : colors >= 8 ? .sixteen : .none
    }
}
