// Looking for Control-C while the thread that reads keys is busy: in the terminal's raw mode it is a key, and nobody else
// would read it.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "include/CNcurses.h"
#include "internal.h"

#include <CTrap.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CONTROL_C = 3, ESCAPE = 27 };

static pthread_mutex_t keyboard = PTHREAD_MUTEX_INITIALIZER;
// When the thread went to work; 0 while it reads.
static _Atomic int64_t busy_since;
static int input = -1;
// What was read in its place.
static unsigned char typed[256];
static int count;

static int look(void) {
    int64_t since = busy_since;
    if (since == 0) return -1;
    if (peerlab_milliseconds() - since < PEERLAB_WATCH_PATIENCE_MS) return 0;
    int found = 0;
    pthread_mutex_lock(&keyboard);
    int available = 0;
    unsigned char bytes[256];
    if (busy_since != 0 && ioctl(input, FIONREAD, &available) == 0 && available > 0) {
        ssize_t length = read(input, bytes, sizeof bytes);
        bool is_key = true;
        for (ssize_t index = 0; index < length; index++) {
            if (bytes[index] == CONTROL_C) found++;
            // The library sees no keys in what is given back to it: the bytes of one would be taken for others.
            if (bytes[index] == ESCAPE) is_key = false;
            if (is_key && count < (int)sizeof typed) typed[count++] = bytes[index];
        }
    }
    // What was typed before is for what is interrupted.
    if (found > 0) count = 0;
    pthread_mutex_unlock(&keyboard);
    if (found == 0) return 0;
    peerlab_note_interrupt();
    while (--found > 0) peerlab_watch_ask(SIGINT);
    return SIGINT;
}

bool peerlab_watch_keyboard(int descriptor) {
    input = descriptor;
    busy_since = peerlab_milliseconds();
    return peerlab_watch_begin((peerlab_watch){.look = look, .give_back = peerlab_give_back, .ends_by_signal = true});
}

void peerlab_begin_reading(void) {
    if (busy_since == 0) return;
    pthread_mutex_lock(&keyboard);
    busy_since = 0;
    while (count > 0) ungetch(typed[--count]);
    pthread_mutex_unlock(&keyboard);
}

void peerlab_end_reading(void) {
    busy_since = peerlab_milliseconds();
    peerlab_watch_wake();
}
