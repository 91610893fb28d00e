// What the terminfo database says about the terminal.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "include/CNcurses.h"
#include "internal.h"

#include <string.h>

// Last, since it defines macros with names like `columns`.
#include <ncurses.h>
#include <term.h>

peerlab_terminal_kind peerlab_examine_terminal(const char *name, int output) {
    int problem = 0;
    if (setupterm(name, output, &problem) != OK) {
        if (problem == 1) return PEERLAB_TERMINAL_NO_CURSOR_MOVEMENT;
        return problem == 0 ? PEERLAB_TERMINAL_UNKNOWN : PEERLAB_TERMINAL_NO_DATABASE;
    }
    const char *movement = tigetstr("cup");
    bool usable = movement != NULL && movement != (char *)-1;
    del_curterm(cur_term);
    return usable ? PEERLAB_TERMINAL_USABLE : PEERLAB_TERMINAL_NO_CURSOR_MOVEMENT;
}

static void append_capability(char *text, size_t capacity, const char *name) {
    const char *value = tigetstr(name);
    if (value == NULL || value == (char *)-1) return;
    if (strlen(text) + strlen(value) < capacity) strcat(text, value);
}

// What ends everything that the screen switches on: attributes, colours, keypad, mouse, marked pastes, hidden cursor, second screen.
void peerlab_arm_with_terminfo(bool mouse) {
    char text[512] = "\033[?2004l";
    if (mouse) strcat(text, "\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
    const char *names[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        append_capability(text, sizeof text, names[index]);
    }
    strcat(text, "\r");
    peerlab_arm(text);
}
