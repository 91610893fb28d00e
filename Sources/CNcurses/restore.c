// Giving the terminal back: the part that works inside a signal handler. Everything it needs is prepared beforehand, and
// it calls only write, tcsetattr, pthread_sigmask and dup2.

#define _GNU_SOURCE
#include "include/CNcurses.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_modes;
static int input_descriptor = -1;
static int output_descriptor = -1;
static char reset_text[512];
static size_t reset_length;
static volatile sig_atomic_t armed;
static volatile sig_atomic_t saved_errors = -1;

bool peerlab_remember_modes(int input, int output) {
    input_descriptor = input;
    output_descriptor = output;
    return tcgetattr(input, &saved_modes) == 0;
}

// Copies a terminfo string without its padding, written as $<5> or $<5*/>.
static size_t copy_unpadded(char *to, size_t capacity, const char *from) {
    size_t length = 0;
    while (*from != '\0' && length < capacity) {
        const char *end = from[0] == '$' && from[1] == '<' ? strchr(from, '>') : NULL;
        if (end != NULL) {
            from = end + 1;
        } else {
            to[length++] = *from++;
        }
    }
    return length;
}

void peerlab_arm(const char *text) {
    armed = 0;
    reset_length = copy_unpadded(reset_text, sizeof reset_text, text);
    armed = 1;
}

void peerlab_disarm(void) { armed = 0; }

void peerlab_restore_modes(void) {
    // A background process that sets the modes is stopped by SIGTTOU, unless it is blocked.
    sigset_t background, before;
    sigemptyset(&background);
    sigaddset(&background, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &background, &before);
    tcsetattr(input_descriptor, TCSANOW, &saved_modes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void peerlab_give_back(void) {
    int error = errno;
    if (armed) {
        armed = 0;
        size_t written = 0;
        while (written < reset_length) {
            ssize_t count = write(output_descriptor, reset_text + written, reset_length - written);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) break;
            written += (size_t)count;
        }
        peerlab_restore_modes();
    }
    if (saved_errors >= 0) dup2(saved_errors, STDERR_FILENO);
    errno = error;
}

int peerlab_redirect_errors(const char *path) {
    if (saved_errors >= 0) return 0;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (copy < 0 || dup2(file, STDERR_FILENO) < 0) {
        int error = errno;
        if (copy >= 0) close(copy);
        close(file);
        return error;
    }
    close(file);
    saved_errors = copy;
    return 0;
}

void peerlab_return_errors(void) {
    if (saved_errors < 0) return;
    int copy = saved_errors;
    saved_errors = -1;
    dup2(copy, STDERR_FILENO);
    close(copy);
}
