// Keys and the mouse, from ncurses' numbers to this program's.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "include/CNcurses.h"

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
