// What the files of the module share.

#ifndef PEERLAB_TRAP_INTERNAL_H
#define PEERLAB_TRAP_INTERNAL_H

#include <stdbool.h>

// Ends the lines of all recordings; safe in a handler.
void peerlab_close_recordings(void);
// Writes to standard error what has happened, in one sentence, and where; safe in a handler.
void peerlab_speak(const char *what, const char *more, bool with_description);

#endif
