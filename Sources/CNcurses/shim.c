// The screen itself: opening and closing it, drawing, and reading keys.

#define _GNU_SOURCE
// Without it the wide functions are not declared.
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "include/CNcurses.h"
#include "internal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *input_file;
static FILE *output_file;
static int output_descriptor = -1;
static bool colors_started;
static bool mouse_enabled;

bool peerlab_set_locale(const char *name) { return setlocale(LC_ALL, name) != NULL; }

bool peerlab_codeset_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

bool peerlab_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

const char *peerlab_environment(const char *name) { return getenv(name); }

static void listen_to_mouse(void) {
    mousemask(BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
}

static FILE *duplicate(int descriptor, const char *mode) {
    int copy = dup(descriptor);
    FILE *file = copy < 0 ? NULL : fdopen(copy, mode);
    if (file == NULL && copy >= 0) close(copy);
    return file;
}

static void close_files(void) {
    if (input_file != NULL) fclose(input_file);
    if (output_file != NULL) fclose(output_file);
    input_file = output_file = NULL;
}

// Has the terminal mark the text that is pasted (bracketed paste, xterm's mode 2004); one that cannot takes no notice.
static void mark_pastes(bool wanted) {
    fputs(wanted ? "\033[?2004h" : "\033[?2004l", output_file);
    fflush(output_file);
}

static void give_back_at_exit(void) { peerlab_give_back(); }

bool peerlab_open(const char *name, int input, int output, bool mouse) {
    static bool registered;
    if (screen != NULL || !peerlab_remember_modes(input, output)) return false;
    input_file = duplicate(input, "r");
    output_file = duplicate(output, "w");
    if (input_file == NULL || output_file == NULL) {
        close_files();
        return false;
    }
    // The terminal itself knows its size; LINES and COLUMNS may be left over from another one.
    use_env(FALSE);
    use_tioctl(TRUE);
    screen = newterm(name, output_file, input_file);
    if (screen == NULL) {
        close_files();
        return false;
    }
    set_term(screen);
    output_descriptor = output;
    set_escdelay(25);
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    colors_started = has_colors() && start_color() == OK && use_default_colors() == OK;
    mouse_enabled = mouse;
    if (mouse) {
        mouseinterval(0);
        listen_to_mouse();
    }
    peerlab_define_paste();
    peerlab_arm_with_terminfo(mouse_enabled);
    mark_pastes(true);
    if (!registered) registered = atexit(give_back_at_exit) == 0;
    return true;
}

bool peerlab_is_open(void) { return screen != NULL; }

void peerlab_close(void) {
    if (screen == NULL) return;
    if (mouse_enabled) mousemask(0, NULL);
    mark_pastes(false);
    endwin();
    peerlab_restore_modes();
    peerlab_disarm();
    delscreen(screen);
    screen = NULL;
    close_files();
}

void peerlab_leave(void) {
    mark_pastes(false);
    endwin();
    peerlab_restore_modes();
    peerlab_disarm();
}

void peerlab_enter(void) {
    reset_prog_mode();
    peerlab_arm_with_terminfo(mouse_enabled);
    clearok(curscr, TRUE);
    mark_pastes(true);
    // Some terminals forget the mouse with the second screen.
    if (mouse_enabled) {
        mousemask(0, NULL);
        listen_to_mouse();
    }
    refresh();
}

void peerlab_adopt_size(void) {
    struct winsize size;
    if (ioctl(output_descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
    if (is_term_resized(size.ws_row, size.ws_col)) resize_term(size.ws_row, size.ws_col);
}

int peerlab_rows(void) { return getmaxy(stdscr); }

int peerlab_columns(void) { return getmaxx(stdscr); }

int peerlab_colors(void) { return colors_started ? COLORS : 0; }

bool peerlab_define_pair(int pair, int foreground, int background) {
    return init_extended_pair(pair, foreground, background) == OK;
}

int peerlab_pair_limit(void) { return COLOR_PAIRS; }

static attr_t attributes(unsigned emphasis) {
    attr_t result = A_NORMAL;
    if (emphasis & PEERLAB_BOLD) result |= A_BOLD;
    if (emphasis & PEERLAB_DIM) result |= A_DIM;
    if (emphasis & PEERLAB_REVERSE) result |= A_REVERSE;
    if (emphasis & PEERLAB_UNDERLINE) result |= A_UNDERLINE;
    return result;
}

static void put_one(int row, int column, const wchar_t *text, attr_t attrs, int pair) {
    cchar_t cell;
    if (setcchar(&cell, text, attrs, 0, &pair) != OK) return;
    mvadd_wch(row, column, &cell);
}

void peerlab_put(int row, int column, const uint32_t *scalars, int count, int width, unsigned emphasis, int pair) {
    attr_t attrs = attributes(emphasis);
    wchar_t text[CCHARW_MAX + 1];
    int length = count < CCHARW_MAX ? count : CCHARW_MAX;
    for (int index = 0; index < length; index++) text[index] = (wchar_t)scalars[index];
    text[length] = L'\0';
    if (length > 0 && (text[0] < 0x7f || wcwidth(text[0]) == width)) {
        put_one(row, column, text, attrs, pair);
        return;
    }
    for (int index = 0; index < width; index++) put_one(row, column + index, L"?", attrs, pair);
}

void peerlab_erase(void) { erase(); }

void peerlab_forget(void) { clearok(curscr, TRUE); }

void peerlab_refresh(int cursor_row, int cursor_column, bool cursor_visible) {
    curs_set(cursor_visible ? 1 : 0);
    if (cursor_visible) move(cursor_row, cursor_column);
    refresh();
}

int peerlab_read_cell(int row, int column, uint32_t *scalars, int capacity, unsigned *emphasis, int *pair) {
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1] = {0};
    attr_t attrs = 0;
    short short_pair = 0;
    int long_pair = 0;
    if (mvin_wch(row, column, &cell) != OK) return -1;
    if (getcchar(&cell, text, &attrs, &short_pair, &long_pair) != OK) return -1;
    int count = 0;
    while (count < capacity && count < CCHARW_MAX && text[count] != L'\0') {
        scalars[count] = (uint32_t)text[count];
        count++;
    }
    *emphasis = ((attrs & A_BOLD) ? PEERLAB_BOLD : 0u) | ((attrs & A_DIM) ? PEERLAB_DIM : 0u) |
                ((attrs & A_REVERSE) ? PEERLAB_REVERSE : 0u) | ((attrs & A_UNDERLINE) ? PEERLAB_UNDERLINE : 0u);
    *pair = long_pair;
    return count;
}

bool peerlab_read_pair(int pair, int *foreground, int *background) {
    return extended_pair_content(pair, foreground, background) == OK;
}

int peerlab_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
