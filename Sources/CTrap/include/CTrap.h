// What a process says when a bug ends it, or when it is ended in the middle of something that does not end: what was run,
// how far it had come, and the command that leads there. All that is said is prepared beforehand, for it is said in a
// handler of a signal.

#ifndef PEERLAB_CTRAP_H
#define PEERLAB_CTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- Where a run is ----------------------------------------------------------------------------------------------

// The event under way, or, where none is, the one before, negated.
extern int64_t peerlab_place;
// What is in that event, for the describer.
extern const void *peerlab_subject;

static inline void peerlab_enter_event(int64_t number, const void *subject) {
    peerlab_subject = subject;
    peerlab_place = number;
}
static inline void peerlab_leave_event(int64_t number) { peerlab_place = -number; }
static inline const void *peerlab_subject_under_way(void) { return peerlab_place > 0 ? peerlab_subject : NULL; }

// Says what is run: `lab 'hello', seed 7`, the command that runs it, and the option by which that ends at an event, with
// all that stands before the number; NULL for none. Texts are copied, and cut where they are too long.
void peerlab_set_run(const char *subject, const char *command, const char *event_option);
// Says what is done by hand from now on; NULL where it is done.
void peerlab_set_action(const char *action);
// Says how many actions were done by hand, and how many of them the command repeats.
void peerlab_set_actions_by_hand(int64_t count);
void peerlab_set_actions_repeated(int64_t count);
// Has a function say which process and task runs, into a buffer; it returns the length. It is called in the handler of a
// signal, on the thread that was interrupted, last of all.
void peerlab_set_describer(size_t (*describe)(char *buffer, size_t capacity));

// ---- Recordings ---------------------------------------------------------------------------------------------------

// Notes a recording that is written; returns its number, or -1 where there are too many.
int peerlab_recording_begin(int descriptor, const char *path);
// The digest after an event, for a last line. The event is written where the file says so already.
void peerlab_recording_at(int recording, int64_t event, uint64_t digest, bool is_written);
// A line is being written, or is there.
void peerlab_recording_writes(int recording, bool is_writing);
void peerlab_recording_end(int recording);

// ---- Traps --------------------------------------------------------------------------------------------------------

// From now on a trap says what it is and ends the process as it would have: what handled it before comes behind.
void peerlab_catch_traps(void);
// Whether it does.
bool peerlab_catches_traps(void);
// Gives the calling thread a stack of its own for handlers, so that an overflow of its stack can speak.
void peerlab_use_trap_stack(void);
// Keeps what a bug is, for what is said; the caller traps next.
void peerlab_note_bug(const char *text);
_Noreturn void peerlab_trap(void);

// ---- What does not stop -------------------------------------------------------------------------------------------

// How a thread is watched that may be asked to stop: where it goes on for a second, or is asked by a second SIGINT, the
// process is ended in the middle of what it does, and says so.
typedef struct {
    // Asked by the watching thread now and then: the signal that somebody wants to send by other means, 0 for none, below 0
    // where nobody need ask before peerlab_watch_wake. NULL for nobody.
    int (*look)(void);
    // Gives back what the process has taken of others, the terminal; safe in a handler. NULL for nothing.
    void (*give_back)(void);
    // Whether the process ends by the signal that asked, apart from SIGINT, as its parent expects; else it ends with 130.
    bool ends_by_signal;
} peerlab_watch;

// Has the calling thread watched; false where that cannot be.
bool peerlab_watch_begin(peerlab_watch watch);
void peerlab_watch_end(void);
// The watched thread is asked to stop; safe in a handler.
void peerlab_watch_ask(int signal);
// It has noticed.
void peerlab_watch_heed(void);
// It is busy again, and somebody may want to ask by other means.
void peerlab_watch_wake(void);
// How long a look finds the thread busy before it takes what is typed in its place.
enum { PEERLAB_WATCH_PATIENCE_MS = 250 };

#endif
