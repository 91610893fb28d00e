// Signals while the screen is up. Requests (SIGTERM, SIGINT, …) set a flag and wake the waiting thread; crashes give the
// terminal back and go on to whoever handled them before, the Swift runtime's backtrace among them.

#define _GNU_SOURCE
#include "include/CNcurses.h"
#include "internal.h"

#include <CTrap.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#define SIGNAL_LIMIT 65
// `timeout` sends SIGTERM twice at once, and a closing terminal SIGHUP: only a later one is impatience.
#define IMPATIENCE_MS 1000

static const int requests[] = {SIGINT, SIGTSTP, SIGCONT};
// Those that end a process by default, apart from crashes and SIGKILL; the real-time ones beside them.
static const int endings[] = {SIGTERM, SIGHUP,  SIGUSR1, SIGUSR2, SIGALRM,   SIGVTALRM, SIGPROF,
                              SIGXCPU, SIGXFSZ, SIGPIPE, SIGIO,   SIGSTKFLT, SIGPWR};
static const int crashes[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGQUIT, SIGSYS};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct sigaction previous[SIGNAL_LIMIT];
static atomic_bool pending[SIGNAL_LIMIT];
static _Atomic int64_t first_request_ms;
static int wake_pipe[2] = {-1, -1};
static bool installed;
static bool follows_resizes;

int64_t peerlab_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void call_previous(int signal, siginfo_t *info, void *context) {
    struct sigaction *action = &previous[signal];
    if (action->sa_flags & SA_SIGINFO) {
        action->sa_sigaction(signal, info, context);
    } else if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN) {
        action->sa_handler(signal);
    }
}

static void die(int signal) {
    peerlab_give_back();
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(signal);
    _exit(128 + signal);
}

static bool is_request(int signal) {
    for (size_t index = 0; index < COUNT(requests); index++) {
        if (requests[index] == signal) return true;
    }
    return signal == SIGWINCH;
}

static void on_request(int signal, siginfo_t *info, void *context) {
    int error = errno;
    // A write of one's own that found no reader, or no room: it says so itself.
    if ((signal == SIGPIPE || signal == SIGXFSZ) && info->si_pid == getpid()) return;
    if (!is_request(signal) || (signal == SIGINT && pending[SIGINT])) {
        int64_t now = peerlab_milliseconds();
        int64_t first = 0;
        // The application was asked before and is still here: it is stuck.
        if (!atomic_compare_exchange_strong(&first_request_ms, &first, now) && now - first >= IMPATIENCE_MS) {
            die(signal);
        }
    }
    pending[signal] = true;
    if (!is_request(signal) || signal == SIGINT) peerlab_watch_ask(signal);
    if (signal == SIGWINCH) call_previous(signal, info, context);
    // A full pipe wakes as well as one more byte would.
    if (write(wake_pipe[1], "", 1) < 0) errno = error;
    errno = error;
}

static void on_crash(int signal, siginfo_t *info, void *context) {
    peerlab_give_back();
    struct sigaction *action = &previous[signal];
    bool handled = (action->sa_flags & SA_SIGINFO) || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
    if (handled) {
        // Whoever returns from here meets the same fault again, and the next time it is theirs alone.
        sigaction(signal, action, NULL);
        call_previous(signal, info, context);
    }
    // A fault of the processor comes again by itself, at the place where it happened; one that was sent does not.
    if (!handled || info->si_code <= 0) die(signal);
}

void peerlab_set_previous_handler(int signal, void (*handler)(int)) {
    previous[signal] = (struct sigaction){.sa_handler = handler};
}

static void take(int signal, const struct sigaction *action) {
    sigaction(signal, NULL, &previous[signal]);
    // What the parent chose to ignore, as nohup does, stays ignored. These two are ignored by the program itself.
    if (previous[signal].sa_handler == SIG_IGN && signal != SIGPIPE && signal != SIGXFSZ) return;
    sigaction(signal, action, NULL);
}

bool peerlab_install_signals(void) {
    if (installed) return false;
    if (pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC) != 0) return false;
    first_request_ms = 0;
    for (size_t index = 0; index < SIGNAL_LIMIT; index++) pending[index] = false;
    struct sigaction action = {.sa_sigaction = on_request, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < COUNT(requests); index++) take(requests[index], &action);
    for (size_t index = 0; index < COUNT(endings); index++) take(endings[index], &action);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) take(signal, &action);
    // On the alternate stack: an overflow of the stack must be survived for as long as this takes.
    action = (struct sigaction){.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < COUNT(crashes); index++) {
        sigaction(crashes[index], &action, &previous[crashes[index]]);
    }
    installed = true;
    return true;
}

void peerlab_follow_resizes(void) {
    struct sigaction action = {.sa_sigaction = on_request, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigemptyset(&action.sa_mask);
    follows_resizes = sigaction(SIGWINCH, &action, &previous[SIGWINCH]) == 0;
}

static void put_back(const int *signals, size_t count) {
    for (size_t index = 0; index < count; index++) sigaction(signals[index], &previous[signals[index]], NULL);
}

void peerlab_remove_signals(void) {
    if (!installed) return;
    installed = false;
    put_back(requests, COUNT(requests));
    put_back(endings, COUNT(endings));
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) sigaction(signal, &previous[signal], NULL);
    put_back(crashes, COUNT(crashes));
    if (follows_resizes) sigaction(SIGWINCH, &previous[SIGWINCH], NULL);
    follows_resizes = false;
    close(wake_pipe[0]);
    close(wake_pipe[1]);
    wake_pipe[0] = wake_pipe[1] = -1;
}

static int number(peerlab_signal signal) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};
    return numbers[signal];
}

bool peerlab_is_to_end(void) {
    for (int signal = 1; signal < SIGNAL_LIMIT; signal++) {
        if (pending[signal] && !is_request(signal)) return true;
    }
    return false;
}

bool peerlab_take_signal(peerlab_signal signal) {
    bool came = atomic_exchange(&pending[number(signal)], false);
    // An interruption that was noticed does not make the next one impatient.
    if (came && signal == PEERLAB_SIGNAL_INTERRUPT && !peerlab_is_to_end()) first_request_ms = 0;
    if (came && signal == PEERLAB_SIGNAL_INTERRUPT) peerlab_watch_heed();
    return came;
}

int peerlab_take_ending(void) {
    for (int signal = 1; signal < SIGNAL_LIMIT; signal++) {
        if (pending[signal] && !is_request(signal) && atomic_exchange(&pending[signal], false)) {
            peerlab_watch_heed();
            return signal;
        }
    }
    return 0;
}

void peerlab_note_interrupt(void) {
    pending[SIGINT] = true;
    // Where the thread waits by now after all.
    if (write(wake_pipe[1], "", 1) < 0) return;
}

void peerlab_stop_process(void) {
    if (previous[SIGTSTP].sa_handler == SIG_IGN) return;
    struct sigaction ours, action = {.sa_handler = SIG_IGN};
    sigset_t only, before;
    sigemptyset(&action.sa_mask);
    sigemptyset(&only);
    sigaddset(&only, SIGTSTP);
    sigaction(SIGTSTP, &action, &ours);
    // The whole group, as the terminal does it: a make or a pipe around this process has to stop as well. This process
    // comes last, by a signal to this thread, so that it stops here and not a moment later.
    kill(0, SIGTSTP);
    // A thread that blocks the signal has it pending though it is ignored; ignoring it once more discards it.
    sigaction(SIGTSTP, &action, NULL);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    pthread_sigmask(SIG_UNBLOCK, &only, &before);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    sigaction(SIGTSTP, &ours, NULL);
    atomic_exchange(&pending[SIGCONT], false);
}

void peerlab_heed_signals(void) {
    static const int heeded[] = {SIGINT, SIGTSTP, SIGCONT, SIGTERM, SIGHUP};
    for (size_t index = 0; index < COUNT(heeded); index++) {
        struct sigaction action;
        sigaction(heeded[index], NULL, &action);
        if (!(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN) signal(heeded[index], SIG_DFL);
    }
}

void peerlab_die_by(int signal) { die(signal); }

void peerlab_raise(peerlab_signal signal) { kill(getpid(), number(signal)); }

void peerlab_raise_resize(void) { kill(getpid(), SIGWINCH); }

int peerlab_wait(int input, int64_t milliseconds) {
    int64_t deadline = peerlab_milliseconds() + milliseconds;
    struct pollfd files[2] = {{.fd = input, .events = POLLIN}, {.fd = wake_pipe[0], .events = POLLIN}};
    for (;;) {
        int64_t left = milliseconds < 0 ? -1 : deadline - peerlab_milliseconds();
        if (milliseconds >= 0 && left < 0) left = 0;
        int count = poll(files, 2, left > INT32_MAX ? INT32_MAX : (int)left);
        if (count == 0) return 0;
        if (count < 0) {
            if (errno == EINTR) continue;
            return PEERLAB_WAIT_GONE;
        }
        break;
    }
    int result = 0;
    if (files[0].revents & POLLIN) result |= PEERLAB_WAIT_INPUT;
    if (files[0].revents & (POLLHUP | POLLERR | POLLNVAL)) result |= PEERLAB_WAIT_GONE;
    if (files[1].revents & POLLIN) {
        char bytes[64];
        while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {}
        result |= PEERLAB_WAIT_SIGNAL;
    }
    return result;
}
