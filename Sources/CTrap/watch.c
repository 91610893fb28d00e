// A thread that watches another one. The one that is asked to stop may be in the middle of something that never ends; then
// it is interrupted by a signal, in whose handler it says what it did and ends the process.

#define _GNU_SOURCE
#include "include/CTrap.h"
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 800, LOOK_MS = 100, LAST_WORDS_MS = 500, STATUS_INTERRUPTED = 130 };
// Ignored by default, and sent by nobody who was not asked to (F_SETOWN).
enum { INTERRUPTION = SIGURG };

static peerlab_watch watch;
static pthread_t watched, watching;
static sem_t wake;
static bool is_watching;
static struct sigaction before;
static atomic_bool is_ending, is_asleep;
static atomic_int asked, interrupts;
static _Atomic int64_t asked_at;
static atomic_flag has_ended = ATOMIC_FLAG_INIT;

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void end(int signal, bool with_description) {
    // One of the two threads comes first, and the other waits for the end.
    while (atomic_flag_test_and_set(&has_ended)) pause();
    peerlab_close_recordings();
    if (watch.give_back != NULL) watch.give_back();
    peerlab_speak("ended in the middle: it was asked to stop and went on", "", with_description);
    if (!watch.ends_by_signal || signal == SIGINT) _exit(STATUS_INTERRUPTED);
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t only;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
    sigemptyset(&only);
    sigaddset(&only, signal);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(signal);
    _exit(128 + signal);
}

static void on_interruption(int number) {
    (void)number;
    int error = errno, signal = asked;
    // It may have noticed just now.
    if (signal != 0 && pthread_equal(pthread_self(), watched)) end(signal, true);
    errno = error;
}

static void wait_for(int64_t timeout) {
    if (timeout < 0) {
        sem_wait(&wake);
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout / 1000;
    until.tv_nsec += timeout % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    sem_clockwait(&wake, CLOCK_MONOTONIC, &until);
}

static void *watch_it(void *unused) {
    (void)unused;
    while (!is_ending) {
        int signal = asked;
        if (signal != 0) {
            int64_t left = interrupts > 1 ? 0 : asked_at + PATIENCE_MS - milliseconds();
            if (left > 0) {
                wait_for(left);
                continue;
            }
            pthread_kill(watched, INTERRUPTION);
            struct timespec while_it_speaks = {.tv_nsec = LAST_WORDS_MS * 1000000};
            nanosleep(&while_it_speaks, NULL);
            // Where it could not be interrupted either, or hangs in its last words.
            if (asked == signal && !is_ending) end(signal, false);
            continue;
        }
        is_asleep = true;
        int found = watch.look == NULL ? -1 : watch.look();
        if (found > 0) {
            peerlab_watch_ask(found);
            // Whoever asks so has waited for the look.
            asked_at -= PATIENCE_MS / 2;
        }
        if (found >= 0) is_asleep = false;
        if (found <= 0 && asked == 0) wait_for(found < 0 ? -1 : LOOK_MS);
    }
    return NULL;
}

bool peerlab_watch_begin(peerlab_watch new_watch) {
    if (is_watching || sem_init(&wake, 0, 0) != 0) return false;
    watch = new_watch;
    watched = pthread_self();
    is_ending = is_asleep = false;
    asked = interrupts = 0;
    struct sigaction action = {.sa_handler = on_interruption, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(INTERRUPTION, &action, &before);
    // Requests may reach either thread. A read from a terminal of others is an error there, and no reason to stop.
    sigset_t blocked, mask;
    sigemptyset(&blocked);
    sigaddset(&blocked, INTERRUPTION);
    sigaddset(&blocked, SIGTTIN);
    sigaddset(&blocked, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &blocked, &mask);
    is_watching = pthread_create(&watching, NULL, watch_it, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (!is_watching) sigaction(INTERRUPTION, &before, NULL);
    return is_watching;
}

void peerlab_watch_end(void) {
    if (!is_watching) return;
    is_watching = false;
    is_ending = true;
    sem_post(&wake);
    pthread_join(watching, NULL);
    sigaction(INTERRUPTION, &before, NULL);
}

void peerlab_watch_ask(int signal) {
    if (!is_watching) return;
    int none = 0;
    int64_t now = milliseconds();
    if (asked == 0) asked_at = now;
    atomic_compare_exchange_strong(&asked, &none, signal);
    if (signal == SIGINT) interrupts++;
    sem_post(&wake);
}

void peerlab_watch_heed(void) { interrupts = asked = 0; }

void peerlab_watch_wake(void) {
    if (is_watching && atomic_exchange(&is_asleep, false)) sem_post(&wake);
}
