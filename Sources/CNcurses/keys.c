// Keys and the mouse, from ncurses' numbers to this program's.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "include/CNcurses.h"
#include "internal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Beyond ncurses' own.
enum { PASTE = KEY_MAX + 1 };
static const char paste_end[] = "\033[201~";
enum { PASTE_END_LENGTH = sizeof paste_end - 1 };
// How much of the end of a paste has come already.
static int paste_matched;

void peerlab_define_paste(void) { define_key("\033[200~", PASTE); }

// Past ncurses, which reads a byte at a time and looks for keys in it.
int peerlab_read_paste(int input, uint8_t *bytes, bool *at_end) {
    // What is read behind the end has to be given to ncurses, which takes little and sees no keys in it. The end of a
    // paste is the last that there is to read, unless somebody types within the millisecond: it is read byte by byte.
    enum { BYTE_BY_BYTE = 64 };
    int available = 0;
    uint8_t chunk[PEERLAB_PASTE_CHUNK - PASTE_END_LENGTH];
    *at_end = false;
    if (ioctl(input, FIONREAD, &available) != 0 || available <= 0) return 0;
    size_t wanted = available <= BYTE_BY_BYTE ? 1 : (size_t)(available - BYTE_BY_BYTE);
    ssize_t count = read(input, chunk, wanted < sizeof chunk ? wanted : sizeof chunk);
    int length = 0;
    for (ssize_t index = 0; index < count; index++) {
        if (chunk[index] == (uint8_t)paste_end[paste_matched]) {
            if (++paste_matched < PASTE_END_LENGTH) continue;
            paste_matched = 0;
            *at_end = true;
            for (ssize_t rest = count - 1; rest > index; rest--) ungetch(chunk[rest]);
            break;
        }
        // What looked like the end was text. Nothing in it but its first byte begins an end.
        memcpy(bytes + length, paste_end, (size_t)paste_matched);
        length += paste_matched;
        paste_matched = chunk[index] == (uint8_t)paste_end[0] ? 1 : 0;
        if (paste_matched == 0) bytes[length++] = chunk[index];
    }
    return length;
}

int peerlab_pending(int input) {
    int available = 0;
    return ioctl(input, FIONREAD, &available) == 0 && available > 0 ? available : 0;
}

int peerlab_read_bytes(int input, uint8_t *bytes, int room) {
    int available = peerlab_pending(input);
    if (available <= 0 || room <= 0) return 0;
    ssize_t count = read(input, bytes, (size_t)(available < room ? available : room));
    return count > 0 ? (int)count : 0;
}

void peerlab_forget_input(void) { flushinp(); }

static peerlab_input none(peerlab_input_kind kind) { return (peerlab_input){.kind = kind}; }

static peerlab_input key(peerlab_key value) {
    return (peerlab_input){.kind = PEERLAB_INPUT_KEY, .value = (uint32_t)value};
}

static peerlab_input mouse(void) {
    MEVENT event;
    if (getmouse(&event) != OK) return none(PEERLAB_INPUT_OTHER);
    static const mmask_t buttons[] = {
        BUTTON1_PRESSED, BUTTON2_PRESSED, BUTTON3_PRESSED, BUTTON4_PRESSED, BUTTON5_PRESSED};
    for (uint32_t index = 0; index < 5; index++) {
        if (event.bstate & buttons[index]) {
            return (peerlab_input){
                .kind = PEERLAB_INPUT_MOUSE, .value = index + 1, .row = event.y, .column = event.x};
        }
    }
    return none(PEERLAB_INPUT_OTHER);
}

static peerlab_input code(wint_t value) {
    switch (value) {
    case KEY_RESIZE: return none(PEERLAB_INPUT_RESIZE);
    case KEY_MOUSE: return mouse();
    case PASTE: paste_matched = 0; return none(PEERLAB_INPUT_PASTE);
    case KEY_UP: return key(PEERLAB_KEY_UP);
    case KEY_DOWN: return key(PEERLAB_KEY_DOWN);
    case KEY_LEFT: return key(PEERLAB_KEY_LEFT);
    case KEY_RIGHT: return key(PEERLAB_KEY_RIGHT);
    case KEY_HOME: case KEY_FIND: return key(PEERLAB_KEY_HOME);
    case KEY_END: case KEY_SELECT: return key(PEERLAB_KEY_END);
    case KEY_PPAGE: return key(PEERLAB_KEY_PAGE_UP);
    case KEY_NPAGE: return key(PEERLAB_KEY_PAGE_DOWN);
    case KEY_ENTER: return key(PEERLAB_KEY_ENTER);
    case KEY_BACKSPACE: return key(PEERLAB_KEY_BACKSPACE);
    case KEY_DC: return key(PEERLAB_KEY_DELETE);
    case KEY_IC: return key(PEERLAB_KEY_INSERT);
    case KEY_BTAB: return key(PEERLAB_KEY_BACK_TAB);
    default: break;
    }
    if (value > KEY_F(0) && value <= KEY_F(63)) {
        return (peerlab_input){.kind = PEERLAB_INPUT_FUNCTION, .value = (uint32_t)(value - KEY_F(0))};
    }
    return none(PEERLAB_INPUT_OTHER);
}

peerlab_input peerlab_read_input(void) {
    wint_t value = 0;
    switch (get_wch(&value)) {
    case KEY_CODE_YES: return code(value);
    case OK: return (peerlab_input){.kind = PEERLAB_INPUT_CHARACTER, .value = (uint32_t)value};
    default: return none(PEERLAB_INPUT_NONE);
    }
}
