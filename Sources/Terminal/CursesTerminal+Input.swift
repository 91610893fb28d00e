import CNcurses
import Screen

extension CursesTerminal {
    /// What a signal asks for, if one came.
    func takeRequest() -> Input? {
        let ending = peerlab_take_ending()
        if ending != 0 {
            endedBy = ending
            return .terminate
        }
        if peerlab_take_signal(PEERLAB_SIGNAL_INTERRUPT) {
            // What was typed before is for what is interrupted.
            peerlab_forget_input()
            return .interrupt
        }
        if peerlab_take_signal(PEERLAB_SIGNAL_STOP) { return .suspend }
        if peerlab_take_signal(PEERLAB_SIGNAL_CONTINUE) {
            // The process was stopped from outside, and whoever had the terminal meanwhile left it in other modes.
            enter()
            return .resize(size)
        }
        return nil
    }

    /// Bytes of a paste that are kept: more than any line takes, so that it can tell that there were more.
    private static let mostOfPaste = 65_536
    /// A paste whose end does not come within so many milliseconds has none.
    private static let pastePatience: Int64 = 1_000

    /// The text that is pasted, whose beginning was read; a request by a signal takes its place.
    func readPaste() -> Input {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: Int(PEERLAB_PASTE_CHUNK))
        var isAtEnd = false
        while !isAtEnd {
            if let request = takeRequest() { return request }
            let count = Int(peerlab_read_paste(input, &chunk, &isAtEnd))
            text.append(contentsOf: chunk[..<min(count, Self.mostOfPaste - text.count)])
            if count > 0 || isAtEnd { continue }
            let woken = peerlab_wait(input, Self.pastePatience)
            if woken == 0 { break }
            if woken & Int32(PEERLAB_WAIT_GONE) != 0 { return .terminate }
        }
        return .paste(String(decoding: text, as: UTF8.self))
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
