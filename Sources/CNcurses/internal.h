// What the files of the shim share.

#ifndef PEERLAB_INTERNAL_H
#define PEERLAB_INTERNAL_H

#include <stdbool.h>

// Remembers the modes of the terminal as they are now.
bool peerlab_remember_modes(int input, int output);
// From now on peerlab_give_back writes this text, which ends what the screen switched on.
void peerlab_arm(const char *text);
// The same with the text that the terminfo database has for the open screen.
void peerlab_arm_with_terminfo(bool mouse);
// peerlab_give_back does nothing from now on.
void peerlab_disarm(void);
// For tests: who handled a signal before the screen was opened.
void peerlab_set_previous_handler(int signal, void (*handler)(int));
// What marks pasted text becomes keys.
void peerlab_define_paste(void);
// Sets the remembered modes.
void peerlab_restore_modes(void);
// Gives the terminal and file descriptor 2 back; safe in a signal handler, at any moment and from any thread.
void peerlab_give_back(void);

// Control-C was typed where nobody read it: the same as SIGINT.
void peerlab_note_interrupt(void);

#endif
