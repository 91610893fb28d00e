import CNcurses
import Screen

extension CursesTerminal {
    /// What a signal asks for, if one came.
    func takeRequest() -> Input? {
        for signal in [PEERLAB_SIGNAL_TERMINATE, PEERLAB_SIGNAL_HANG_UP] where peerlab_take_signal(signal) {
            endedBy = signal
            return .terminate
        }
        if peerlab_take_signal(PEERLAB_SIGNAL_INTERRUPT) { return .interrupt }
        if peerlab_take_signal(PEERLAB_SIGNAL_STOP) { return .suspend }
        if peerlab_take_signal(PEERLAB_SIGNAL_CONTINUE) {
            // The process was stopped from outside, and whoever had the terminal meanwhile left it in other modes.
            enter()
            return .resize(size)
        }
        return nil
    }

    /// What the screen library's input means; `nil` where it means nothing here.
    func decoded(_ raw: peerlab_input) -> Input? {
        switch raw.kind {
        case PEERLAB_INPUT_CHARACTER: return Self.character(raw.value)
        case PEERLAB_INPUT_KEY: return Self.key(peerlab_key(rawValue: raw.value))
        case PEERLAB_INPUT_FUNCTION: return .function(Int(raw.value))
        case PEERLAB_INPUT_MOUSE:
            let position = Position(row: Int(raw.row), column: Int(raw.column))
            return switch raw.value {
            case 4: .mouse(MouseEvent(.scrollUp, at: position))
            case 5: .mouse(MouseEvent(.scrollDown, at: position))
            default: .mouse(MouseEvent(.press, button: Int(raw.value), at: position))
            }
        case PEERLAB_INPUT_RESIZE:
            // The library tells some changes twice.
            return adoptSize() ? .resize(size) : nil
        default: return nil
        }
    }

    private static func character(_ value: UInt32) -> Input? {
        guard let scalar = Unicode.Scalar(value) else { return nil }
        return switch value {
        case 3: .interrupt
        case 8, 127: .backspace
        case 9: .tab
        case 10, 13: .enter
        case 26: .suspend
        case 27: .escape
        case 0: .control(" ")
        case 1...26: .control(Character(Unicode.Scalar(UInt8(value + 96))))
        case 28...31: .control(Character(Unicode.Scalar(UInt8(value + 64))))
        case 0x80..<0xA0: nil
        default: .key(Character(scalar))
        }
    }

    private static func key(_ key: peerlab_key) -> Input? {
        switch key {
        case PEERLAB_KEY_UP: .up
        case PEERLAB_KEY_DOWN: .down
        case PEERLAB_KEY_LEFT: .left
        case PEERLAB_KEY_RIGHT: .right
        case PEERLAB_KEY_HOME: .home
        case PEERLAB_KEY_END: .end
        case PEERLAB_KEY_PAGE_UP: .pageUp
        case PEERLAB_KEY_PAGE_DOWN: .pageDown
        case PEERLAB_KEY_ENTER: .enter
        case PEERLAB_KEY_BACKSPACE: .backspace
        case PEERLAB_KEY_DELETE: .delete
        case PEERLAB_KEY_INSERT: .insert
        case PEERLAB_KEY_BACK_TAB: .backTab
        default: nil
        }
    }
}
