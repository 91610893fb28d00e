import CNcurses

/// What the environment says about the terminal.
package struct TerminalEnvironment: Hashable, Sendable {
    /// `TERM`.
    package var term: String?
    /// `NO_COLOR`: colours are off where it is set to anything but nothing (https://no-color.org).
    package var noColor: String?
    /// `COLORFGBG`: the numbers of the foreground and the background, as rxvt and its relatives set it.
    package var colorFgBg: String?
    /// The locale; the empty name takes it from `LC_ALL`, `LC_CTYPE` and `LANG`.
    package var locale: String

    /// Makes an environment.
    package init(term: String?, noColor: String? = nil, colorFgBg: String? = nil, locale: String = "") {
        self.term = term
        self.noColor = noColor
        self.colorFgBg = colorFgBg
        self.locale = locale
    }

    /// This process's environment.
    package static var current: TerminalEnvironment {
        TerminalEnvironment(
            term: variable("TERM"), noColor: variable("NO_COLOR"), colorFgBg: variable("COLORFGBG"))
    }

    /// The variable's value, or `nil` where it is not set.
    private static func variable(_ name: String) -> String? {
        peerlab_environment(name).map { String(cString: $0) }
    }
}
