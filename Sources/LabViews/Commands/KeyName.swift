package import Screen

/// Keys by name, as the help and the documentation write them.
package enum KeyName {
    /// The name of a key: `s`, `space`, `Tab`, `Ctrl-L`.
    package static func of(_ input: Input) -> String {
        switch input {
        case .key(" "): "space"
        case .key(let character): String(character)
        case .paste: "pasted text"
        case .control(let character): "Ctrl-\(character.uppercased())"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .function(let number): "F\(number)"
        case .mouse: "the mouse"
        case .resize: "a new size"
        case .interrupt: "Ctrl-C"
        case .suspend: "Ctrl-Z"
        case .terminate: "the end"
        }
    }
}
