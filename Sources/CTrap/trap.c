// Handlers of the signals by which a process ends itself: a trap of Swift's, an access to memory that is not there, an
// overflow of the stack, abort().

#define _GNU_SOURCE
#include "include/CTrap.h"
#include "internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    int number;
    const char *name;
} traps[] = {
    {SIGILL, "an operation trapped (SIGILL)"}, {SIGTRAP, "an operation trapped (SIGTRAP)"}, {SIGSEGV, "there is no such memory (SIGSEGV)"},
    {SIGBUS, "there is no such memory (SIGBUS)"}, {SIGFPE, "an operation on numbers trapped (SIGFPE)"},   {SIGABRT, "it was aborted (SIGABRT)"},
};

static struct sigaction previous[COUNT(traps)];
static bool catches;
static char bug[2048];
static atomic_flag has_spoken = ATOMIC_FLAG_INIT;

// Room for the handlers of Swift's runtime that come behind these.
enum { STACK_BYTES = 262144 };

static uintptr_t stack_pointer(const void *context) {
#if defined(__x86_64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.sp;
#else
    (void)context;
    return 0;
#endif
}

// Whether memory was looked for just where the stack ends.
static bool is_overflow(int signal, const siginfo_t *info, const void *context) {
    if (signal != SIGSEGV || info->si_code <= 0) return false;
    uintptr_t top = stack_pointer(context), address = (uintptr_t)info->si_addr;
    return top != 0 && address + 65536 > top && address < top + 65536;
}

static void on_trap(int signal, siginfo_t *info, void *context) {
    // Whatever goes wrong from here on ends the process: what is put back here is what was there before.
    size_t index = 0;
    while (index + 1 < COUNT(traps) && traps[index].number != signal) index++;
    for (size_t other = 0; other < COUNT(traps); other++) sigaction(traps[other].number, &previous[other], NULL);
    sigset_t all;
    sigemptyset(&all);
    for (size_t other = 0; other < COUNT(traps); other++) sigaddset(&all, traps[other].number);
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    if (!atomic_flag_test_and_set(&has_spoken)) {
        peerlab_close_recordings();
        bool overflow = is_overflow(signal, info, context);
        const char *what = bug[0] != '\0' ? bug : overflow ? "the stack has no room left, as in an endless recursion"
                                                             : traps[index].name;
        // Calls that may look into memory are left out where its stack is full.
        peerlab_speak("this is a bug, in peerlab or in a workload of one's own: ", what, !overflow);
    }
    // A fault of the processor comes again by itself, and finds what was there before; one that was sent does not.
    if (info->si_code <= 0) raise(signal);
}

void peerlab_use_trap_stack(void) {
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE) && stack.ss_size >= STACK_BYTES) return;
    // Held as long as the thread lives, which is the process's life in most.
    stack = (stack_t){.ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES};
    if (stack.ss_sp != NULL) sigaltstack(&stack, NULL);
}

void peerlab_catch_traps(void) {
    if (catches) return;
    catches = true;
    peerlab_use_trap_stack();
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < COUNT(traps); index++) {
        sigaction(traps[index].number, &action, &previous[index]);
    }
}

bool peerlab_catches_traps(void) { return catches; }

void peerlab_note_bug(const char *text) {
    // The first is the cause of the others.
    if (bug[0] != '\0') return;
    size_t length = strnlen(text, sizeof bug - 1);
    for (size_t index = 1; index < length; index++) {
        unsigned char byte = (unsigned char)text[index];
        bug[index] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
    }
    bug[length] = '\0';
    bug[0] = text[0];
}

void peerlab_trap(void) { __builtin_trap(); }
