// What Swift needs of ncursesw, and cannot reach itself: macros, variadic functions, global variables, and the work that
// must be safe inside a signal handler. One terminal is open at a time, and one thread owns it.

#ifndef PEERLAB_CNCURSES_H
#define PEERLAB_CNCURSES_H

#include <stdbool.h>
#include <stdint.h>

// ---- Looking before opening -------------------------------------------------------------------------------------

typedef enum {
    PEERLAB_TERMINAL_USABLE,
    // The terminfo database does not know the name.
    PEERLAB_TERMINAL_UNKNOWN,
    // There is no terminfo database.
    PEERLAB_TERMINAL_NO_DATABASE,
    // The cursor cannot be moved: TERM=dumb, and printers.
    PEERLAB_TERMINAL_NO_CURSOR_MOVEMENT,
} peerlab_terminal_kind;

// Writes nothing to the terminal; not while a screen is open.
peerlab_terminal_kind peerlab_examine_terminal(const char *name, int output);
// setlocale(LC_ALL, name): "" takes the locale from the environment.
bool peerlab_set_locale(const char *name);
// Whether the locale's characters are UTF-8.
bool peerlab_codeset_is_utf8(void);
bool peerlab_is_terminal(int descriptor);
// The value of an environment variable, or null.
const char *peerlab_environment(const char *name);

// ---- The screen -------------------------------------------------------------------------------------------------

// Saves the terminal's modes, and opens the screen: raw mode, no echo, keypad, mouse.
bool peerlab_open(const char *name, int input, int output, bool mouse);
// Whether a screen is open in this process.
bool peerlab_is_open(void);
// Gives the terminal back and frees the screen.
void peerlab_close(void);
// Gives the terminal back for a while.
void peerlab_leave(void);
// Takes the terminal again after peerlab_leave; the next refresh draws everything.
void peerlab_enter(void);
// Takes over the terminal's present size, where it changed unnoticed.
void peerlab_adopt_size(void);

int peerlab_rows(void);
int peerlab_columns(void);
// 0 where the terminal has no colours.
int peerlab_colors(void);
// Makes a colour pair; -1 is the terminal's own colour.
bool peerlab_define_pair(int pair, int foreground, int background);
int peerlab_pair_limit(void);

enum {
    PEERLAB_BOLD = 1,
    PEERLAB_DIM = 2,
    PEERLAB_REVERSE = 4,
    PEERLAB_UNDERLINE = 8,
};

// Puts a base character with its combining marks. Where the C library disagrees about the width, question marks.
void peerlab_put(int row, int column, const uint32_t *scalars, int count, int width, unsigned emphasis, int pair);
void peerlab_erase(void);
// The next refresh draws everything, whatever the terminal is believed to show.
void peerlab_forget(void);
void peerlab_refresh(int cursor_row, int cursor_column, bool cursor_visible);

// What the screen library holds for a cell: returns the number of scalars, 0 for the second column of a wide one.
int peerlab_read_cell(int row, int column, uint32_t *scalars, int capacity, unsigned *emphasis, int *pair);
// The colours of a pair.
bool peerlab_read_pair(int pair, int *foreground, int *background);
// The C library's opinion of a character's width; -1 where it does not know the character.
int peerlab_wcwidth(uint32_t scalar);

// ---- Input ------------------------------------------------------------------------------------------------------

typedef enum {
    PEERLAB_INPUT_NONE,
    // value: a Unicode scalar, control characters included.
    PEERLAB_INPUT_CHARACTER,
    // value: a peerlab_key.
    PEERLAB_INPUT_KEY,
    // value: the number of the function key.
    PEERLAB_INPUT_FUNCTION,
    // value: the button (1, 2, 3), or 4 and 5 for the wheel.
    PEERLAB_INPUT_MOUSE,
    PEERLAB_INPUT_RESIZE,
    // Text that was put in comes now: peerlab_read_paste has it.
    PEERLAB_INPUT_PASTE,
    // A key that means nothing to this program.
    PEERLAB_INPUT_OTHER,
} peerlab_input_kind;

typedef enum {
    PEERLAB_KEY_UP,
    PEERLAB_KEY_DOWN,
    PEERLAB_KEY_LEFT,
    PEERLAB_KEY_RIGHT,
    PEERLAB_KEY_HOME,
    PEERLAB_KEY_END,
    PEERLAB_KEY_PAGE_UP,
    PEERLAB_KEY_PAGE_DOWN,
    PEERLAB_KEY_ENTER,
    PEERLAB_KEY_BACKSPACE,
    PEERLAB_KEY_DELETE,
    PEERLAB_KEY_INSERT,
    PEERLAB_KEY_BACK_TAB,
} peerlab_key;

typedef struct {
    peerlab_input_kind kind;
    uint32_t value;
    int row;
    int column;
} peerlab_input;

// Takes an input without waiting.
peerlab_input peerlab_read_input(void);
// Takes some bytes of a paste without waiting; returns how many, at most PEERLAB_PASTE_CHUNK. Says whether it is at its end.
int peerlab_read_paste(int input, uint8_t *bytes, bool *at_end);
enum { PEERLAB_PASTE_CHUNK = 128 };
// How many bytes wait to be read, past ncurses.
int peerlab_pending(int input);
// Takes bytes that wait, past ncurses and without waiting; returns how many, at most the room that there is.
int peerlab_read_bytes(int input, uint8_t *bytes, int room);
// Has another thread look for Control-C, and for signals that are not taken, while the calling one does not read for long: a
// second later the process is ended. peerlab_watch_end ends it.
bool peerlab_watch_keyboard(int input);
// The calling thread reads keys now, and has stopped doing so.
void peerlab_begin_reading(void);
void peerlab_end_reading(void);
// Forgets what was typed and not yet read.
void peerlab_forget_input(void);

enum {
    PEERLAB_WAIT_INPUT = 1,
    PEERLAB_WAIT_SIGNAL = 2,
    // The other end of the terminal is gone.
    PEERLAB_WAIT_GONE = 4,
};

// Waits for input or a signal, so many milliseconds, or for ever where negative; 0 after that time.
int peerlab_wait(int input, int64_t milliseconds);
// A clock that only goes forward.
int64_t peerlab_milliseconds(void);

// ---- Signals ----------------------------------------------------------------------------------------------------

typedef enum {
    PEERLAB_SIGNAL_INTERRUPT,
    PEERLAB_SIGNAL_TERMINATE,
    PEERLAB_SIGNAL_HANG_UP,
    PEERLAB_SIGNAL_STOP,
    PEERLAB_SIGNAL_CONTINUE,
} peerlab_signal;

// Installs the handlers, before peerlab_open: ncurses would install its own for the signals that have none.
bool peerlab_install_signals(void);
// Wakes peerlab_wait when the size changes, after peerlab_open: ncurses' own handler is called as well.
void peerlab_follow_resizes(void);
// Puts back the handlers that were there.
void peerlab_remove_signals(void);
// Whether a signal came since the last time it was asked for.
bool peerlab_take_signal(peerlab_signal signal);
// Whether one came that was not taken.
bool peerlab_is_to_end(void);
// Stops the process group as Control-Z does, and returns when it goes on.
void peerlab_stop_process(void);
// The number of a signal that came since the last time and ends a process by default; 0 for none.
int peerlab_take_ending(void);
// Ends the process as the signal's default action does, so that its parent sees the signal.
void peerlab_die_by(int signal);

// ---- The error output -------------------------------------------------------------------------------------------

// Sends file descriptor 2 to a file; returns 0 or the error number.
int peerlab_redirect_errors(const char *path);
// Brings file descriptor 2 back.
void peerlab_return_errors(void);

// ---- For tests --------------------------------------------------------------------------------------------------

// Opens a pseudo-terminal of a size; returns false where there is none.
bool peerlab_open_pty(int rows, int columns, int *controller, int *terminal);
bool peerlab_resize_pty(int controller, int rows, int columns);
// Reads what was written to the terminal, without waiting; returns the number of bytes.
int peerlab_drain(int controller, char *buffer, int capacity);
void peerlab_write(int descriptor, const char *text);
// The terminal modes as bytes; returns their number.
int peerlab_modes(int descriptor, uint8_t *buffer, int capacity);
// Sends a signal to this process; any of its threads may take it.
void peerlab_raise_resize(void);
void peerlab_raise(peerlab_signal signal);
// Sets signals that the parent chose to ignore to their default, as a shell does for a job in the background.
void peerlab_heed_signals(void);
// Forks a child that raises a signal, for which there is a handler from before that exits with 43, or none. Returns the
// signal that ended the child, or its exit code, negated.
int peerlab_raise_in_child(int signal, bool handled);
// Forks a child that stops itself as peerlab_stop_process does; returns whether it stopped and went on.
bool peerlab_stop_in_child(void);
// The number of SIGSEGV and SIGABRT, which Swift would need the C library for.
int peerlab_segmentation_fault(void);
int peerlab_abort(void);
// Device and inode of an open file, to tell whether two descriptors are the same.
bool peerlab_same_file(int one, int other);
int peerlab_duplicate(int descriptor);
void peerlab_close_descriptor(int descriptor);

#endif
