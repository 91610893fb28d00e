// What is said of where a run is. Buffers are filled beforehand; what is written is put together with them, without a call
// that a handler may not make.

#define _GNU_SOURCE
#include "include/CTrap.h"
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { SHORT = 512, LONG = 4096, RECORDINGS = 8 };

int64_t peerlab_place;
const void *peerlab_subject;

static char subject[SHORT];
static char command[LONG];
static char event_option[32];
static char action[SHORT];
static int64_t actions_by_hand, actions_repeated;
static size_t (*describer)(char *buffer, size_t capacity);

static struct {
    bool used, writing, written;
    int descriptor;
    int64_t event;
    uint64_t digest;
    char path[LONG];
} recordings[RECORDINGS];

static void keep(char *to, size_t capacity, const char *from) {
    size_t length = from == NULL ? 0 : strnlen(from, capacity - 1);
    // Empty while it changes.
    to[0] = '\0';
    if (length == 0) return;
    memcpy(to + 1, from + 1, length - 1);
    to[length] = '\0';
    to[0] = from[0];
}

void peerlab_set_run(const char *new_subject, const char *new_command, const char *option) {
    peerlab_place = 0;
    actions_by_hand = actions_repeated = 0;
    keep(subject, sizeof subject, new_subject);
    keep(command, sizeof command, new_command);
    keep(event_option, sizeof event_option, option);
}

void peerlab_set_action(const char *text) { keep(action, sizeof action, text); }
void peerlab_set_actions_by_hand(int64_t count) { actions_by_hand = count; }
void peerlab_set_actions_repeated(int64_t count) { actions_repeated = count; }
void peerlab_set_describer(size_t (*describe)(char *, size_t)) { describer = describe; }

// ---- Recordings ---------------------------------------------------------------------------------------------------

int peerlab_recording_begin(int descriptor, const char *path) {
    for (int index = 0; index < RECORDINGS; index++) {
        if (recordings[index].used) continue;
        recordings[index].descriptor = descriptor;
        recordings[index].writing = false;
        recordings[index].written = true;
        recordings[index].event = 0;
        keep(recordings[index].path, sizeof recordings[index].path, path);
        recordings[index].used = true;
        return index;
    }
    return -1;
}

void peerlab_recording_at(int recording, int64_t event, uint64_t digest, bool is_written) {
    if (recording < 0) return;
    recordings[recording].event = event;
    recordings[recording].digest = digest;
    recordings[recording].written = is_written;
}

void peerlab_recording_writes(int recording, bool is_writing) {
    if (recording >= 0) recordings[recording].writing = is_writing;
}

void peerlab_recording_end(int recording) {
    if (recording >= 0) recordings[recording].used = false;
}

// ---- Text ---------------------------------------------------------------------------------------------------------

struct text {
    char bytes[3 * LONG];
    size_t length;
};

static void put(struct text *text, const char *from) {
    for (; *from != '\0' && text->length < sizeof text->bytes; from++) text->bytes[text->length++] = *from;
}

static void put_number(struct text *text, uint64_t number, unsigned base, int digits) {
    char reversed[24];
    int count = 0;
    do {
        reversed[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0 || count < digits);
    while (count > 0 && text->length < sizeof text->bytes) text->bytes[text->length++] = reversed[--count];
}

static void put_count(struct text *text, int64_t number) { put_number(text, (uint64_t)number, 10, 1); }

static void write_all(int descriptor, const struct text *text) {
    size_t written = 0;
    while (written < text->length) {
        ssize_t count = write(descriptor, text->bytes + written, text->length - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        written += (size_t)count;
    }
}

void peerlab_close_recordings(void) {
    static struct text line;
    for (int index = 0; index < RECORDINGS; index++) {
        if (!recordings[index].used || recordings[index].written || recordings[index].writing) continue;
        line.length = 0;
        put(&line, "{\"checkpoint\":");
        put_count(&line, recordings[index].event);
        put(&line, ",\"digest\":\"");
        put_number(&line, recordings[index].digest, 16, 16);
        put(&line, "\"}\n");
        write_all(recordings[index].descriptor, &line);
        recordings[index].written = true;
    }
}

static void put_place(struct text *text) {
    int64_t place = peerlab_place;
    put(text, place > 0 ? "  in event " : place < 0 ? "  after event " : "  in the ");
    if (place != 0) {
        put_count(text, place < 0 ? -place : place);
        put(text, " of the ");
    }
    put(text, subject);
    if (action[0] != '\0') {
        put(text, ", by '");
        put(text, action);
        put(text, "'");
    }
    put(text, "\n");
}

static void put_command(struct text *text) {
    int64_t place = peerlab_place < 0 ? -peerlab_place : peerlab_place;
    put(text, "  the command that leads there: ");
    put(text, command);
    if (event_option[0] != '\0' && place > 0) {
        put(text, event_option);
        put_count(text, place);
    }
    if (actions_by_hand > actions_repeated) {
        put(text, "; it does not repeat what was done by hand (actions: ");
        put_count(text, actions_by_hand - actions_repeated);
        put(text, ")");
    }
    put(text, "\n");
}

void peerlab_speak(const char *what, const char *more, bool with_description) {
    static struct text text;
    static char task[SHORT];
    text.length = 0;
    put(&text, "error: ");
    put(&text, what);
    put(&text, more);
    put(&text, "\n");
    if (subject[0] != '\0') {
        put_place(&text);
        put_command(&text);
    }
    for (int index = 0; index < RECORDINGS; index++) {
        if (!recordings[index].used) continue;
        put(&text, "  recorded up to event ");
        put_count(&text, recordings[index].event);
        put(&text, ": ");
        put(&text, recordings[index].path);
        put(&text, "\n");
    }
    write_all(STDERR_FILENO, &text);
    // Last of all: it looks at what the run was busy with, and may go wrong there.
    if (!with_description || describer == NULL || peerlab_place <= 0) return;
    size_t length = describer(task, sizeof task - 1);
    if (length == 0) return;
    task[length] = '\0';
    for (size_t index = 0; index < length; index++) {
        if ((unsigned char)task[index] < 0x20 || (unsigned char)task[index] >= 0x7f) task[index] = '?';
    }
    text.length = 0;
    put(&text, "  it ran ");
    put(&text, task);
    put(&text, "\n");
    write_all(STDERR_FILENO, &text);
}
