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

    /// So many bytes at once nobody types: they are text that is put in by a terminal that does not mark it.
    private static let leastOfBurst = 256
    /// Bytes that are left to be read one by one: a key that ends the text is a key.
    private static let restOfBurst = 64

    /// The text that is put in without being marked, whose first character was read: the screen library would read it byte by
    /// byte, and every byte be a key. Nil where no more is there than somebody may have typed.
    func readBurst(behind first: UInt32) -> Input? {
        guard first > 0x20, first != 0x7F, let scalar = Unicode.Scalar(first),
            peerlab_pending(input) >= Self.leastOfBurst
        else { return nil }
        var text = Array(String(Character(scalar)).utf8)
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            if let request = takeRequest() { return request }
            // It is cut where neither a character nor a space is, for spaces at the ends of a pasted text are left out.
            let wanted = max(peerlab_pending(input) - Int32(Self.restOfBurst), Self.isCutBadly(text) ? 1 : 0)
            let count = Int(peerlab_read_bytes(input, &chunk, min(wanted, Int32(chunk.count))))
            guard count > 0 else { break }
            if chunk[..<count].contains(3) {
                peerlab_forget_input()
                return .interrupt
            }
            // What is left out is more than a line takes in any case.
            if text.count < Self.mostOfPaste { text.append(contentsOf: chunk[..<count]) }
        }
        return .paste(String(decoding: text, as: UTF8.self))
    }

    /// Whether a text ends in a space, or within a character.
    private static func isCutBadly(_ text: [UInt8]) -> Bool {
        guard let last = text.last else { return false }
        if last < 0x80 { return last <= 0x20 }
        let tail = text.suffix(4).reversed()
        guard let place = tail.enumerated().first(where: { $0.element >= 0xC0 }) else { return false }
        let length = place.element >= 0xF0 ? 4 : place.element >= 0xE0 ? 3 : 2
        return place.offset + 1 < length
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
