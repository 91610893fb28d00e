#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A program inside a lab's host: the program's own first process prepares the namespaces in which it is alone with what it
// starts, and ends all of it when the lab ends, however that comes.

extern char **environ;

// Where the lab's end of the control is, in the process that is started.
enum { CONTROL = 3 };

static void fail(const char *what) {
    dprintf(2, "peerlab: %s (%s)\n", what, strerror(errno));
    _exit(126);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return -1;
    size_t length = strlen(text), done = 0;
    while (done < length) {
        ssize_t count = write(file, text + done, length - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    close(file);
    return done == length ? 0 : -1;
}

// Lays a file with some text over one that is there: names are the lab's own, and no name service is reached.
static void cover(const char *folder, const char *target, const char *text) {
    if (access(target, F_OK) != 0) return;
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, strrchr(target, '/') + 1);
    if (write_file(path, text) != 0 || mount(path, target, NULL, MS_BIND, NULL) != 0) fail(target);
}

static void cover_names(const char *hosts) {
    // Any folder does: nobody but this namespace sees what is mounted there for the while.
    const char *folder = "/mnt";
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("no mounts of its own");
    if (mount("lab", folder, "tmpfs", 0, "size=4m,mode=755") != 0) fail(folder);
    cover(folder, "/etc/hosts", hosts);
    cover(folder, "/etc/resolv.conf", "# a lab has no name servers\n");
    cover(folder, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\n");
    umount2(folder, MNT_DETACH);
    // Sockets of name services would lead out of the lab.
    if (access("/run/nscd", F_OK) == 0) mount("lab", "/run/nscd", "tmpfs", 0, "size=4k");
}

static void signal_all(char command) {
    switch (command) {
    case 'S': kill(-1, SIGSTOP); break;
    case 'C': kill(-1, SIGCONT); break;
    case 'T': kill(-1, SIGTERM); break;
    default: kill(-1, SIGKILL); break;
    }
}

// The first process of the namespace: it does what the lab says, and ends with the program.
static int attend(pid_t program, int signals) {
    struct pollfd entries[2] = {{.fd = CONTROL, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    for (;;) {
        if (poll(entries, 2, -1) < 0 && errno != EINTR) return 126;
        if (entries[0].revents) {
            char command = 'K';
            // The end of the control is the end of the lab.
            if (read(CONTROL, &command, 1) <= 0) command = 'K';
            signal_all(command);
            if (command == 'K') return 128 + SIGKILL;
        }
        struct signalfd_siginfo told;
        if (entries[1].revents) (void)!read(signals, &told, sizeof told);
        int status;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == program) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
}

static void be_first(char **command) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    pid_t program = fork();
    if (program < 0) fail("no process for the program");
    if (program == 0) {
        sigprocmask(SIG_UNBLOCK, &children, NULL);
        for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        close(CONTROL);
        execvp(command[0], command);
        dprintf(2, "peerlab: '%s' cannot be started (%s)\n", command[0], strerror(errno));
        _exit(errno == ENOENT ? 127 : 126);
    }
    _exit(attend(program, signals));
}

int peerlab_inside_host(int count, char **arguments) {
    // A stream that is closed is nobody's: the next file that is opened must not become it.
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)!open("/dev/null", stream == 0 ? O_RDONLY : O_WRONLY);
    }
    if (count < 3 || strcmp(arguments[1], PEERLAB_INSIDE) != 0) return 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    syscall(SYS_close_range, CONTROL + 1, ~0U, 0);
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    // Who is root can make namespaces as it is; others are given a user namespace in which they may, and keep their number.
    if (geteuid() != 0 && peerlab_enter_user_namespace() != 0) fail("no user namespace");
    if (unshare(CLONE_NEWNS | CLONE_NEWPID) != 0) fail("no namespaces for the program");
    const char *hosts = getenv("PEERLAB_HOSTS");
    cover_names(hosts ? hosts : "127.0.0.1 localhost\n");
    unsetenv("PEERLAB_HOSTS");
    // Its child is the first of the new namespace of processes.
    pid_t first = fork();
    if (first < 0) fail("no first process");
    if (first == 0) be_first(arguments + 2);
    close(CONTROL);
    // What the terminal sends to all is the program's to answer.
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    int status;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int peerlab_start_inside(const char *program, char *const *arguments, char *const *environment, int input, int output,
                         int errors, int *control) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // Above all numbers that they are to have: none is overwritten before it is copied.
    int from[4] = {input, output, errors, ends[0]}, copies[4];
    for (int index = 0; index < 4; index++) copies[index] = fcntl(from[index], F_DUPFD_CLOEXEC, 10);
    for (int index = 0; index < 4; index++) posix_spawn_file_actions_adddup2(&actions, copies[index], index);
    pid_t child = 0;
    int result = posix_spawn(&child, program, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    for (int index = 0; index < 4; index++) close(copies[index]);
    close(ends[0]);
    if (result != 0) {
        close(ends[1]);
        return -result;
    }
    *control = ends[1];
    return child;
}
