// A terminal on a pseudo-device, for tests.

#define _GNU_SOURCE
#include "include/CNcurses.h"
#include "internal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

bool peerlab_open_pty(int rows, int columns, int *controller, int *terminal) {
    *controller = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (*controller < 0) return false;
    const char *name = grantpt(*controller) == 0 && unlockpt(*controller) == 0 ? ptsname(*controller) : NULL;
    *terminal = name == NULL ? -1 : open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*terminal < 0) {
        close(*controller);
        return false;
    }
    return peerlab_resize_pty(*controller, rows, columns);
}

bool peerlab_resize_pty(int controller, int rows, int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(controller, TIOCSWINSZ, &size) == 0;
}

int peerlab_drain(int controller, char *buffer, int capacity) {
    int length = 0;
    while (length < capacity) {
        ssize_t count = read(controller, buffer + length, (size_t)(capacity - length));
        if (count <= 0) break;
        length += (int)count;
    }
    return length;
}

void peerlab_write(int descriptor, const char *text) {
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(descriptor, text, length);
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

int peerlab_modes(int descriptor, uint8_t *buffer, int capacity) {
    struct termios modes;
    memset(&modes, 0, sizeof modes);
    if (tcgetattr(descriptor, &modes) != 0 || (size_t)capacity < sizeof modes) return 0;
    memcpy(buffer, &modes, sizeof modes);
    return (int)sizeof modes;
}

static void exit_with_43(int signal) {
    (void)signal;
    _exit(43);
}

int peerlab_raise_in_child(int signal, bool handled) {
    pid_t child = fork();
    if (child == 0) {
        // The threads of a pool block signals.
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        peerlab_set_previous_handler(signal, handled ? exit_with_43 : SIG_DFL);
        raise(signal);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

bool peerlab_stop_in_child(void) {
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        peerlab_stop_process();
        _exit(42);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) return false;
    kill(child, SIGCONT);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

int peerlab_segmentation_fault(void) { return SIGSEGV; }

int peerlab_abort(void) { return SIGABRT; }

bool peerlab_same_file(int one, int other) {
    struct stat first, second;
    if (fstat(one, &first) != 0 || fstat(other, &second) != 0) return false;
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

int peerlab_duplicate(int descriptor) { return dup(descriptor); }

void peerlab_close_descriptor(int descriptor) { close(descriptor); }
