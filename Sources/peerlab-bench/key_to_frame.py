"""From a key to the painted frame, in tmux: the 99th percentile in milliseconds.

A client of tmux is attached to a terminal of this script's own. Where no world is rebuilt, each key is a step, whose frame
changes every pane: it is there with the last of what tmux sends before it is silent. While one is rebuilt the screen tells of
that all the time: letters are typed at the prompt, and each is there when it is among what tmux has sent. Arguments: the
program, how many keys, and how many events the run is long where worlds are to be rebuilt behind; 0 where none is.
"""

import fcntl
import os
import pty
import select
import shutil
import struct
import sys
import tempfile
import termios
import time

PROGRAM, KEYS, EVENTS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
LETTERS = b"QXZJ"
# Keys typed while one world is rebuilt: it must not be there before the last of them.
KEYS_A_WORLD = 20
LIMIT = 120.0
LAB = """lab: keys
hosts: [left, server]
links:
  - {between: [left, server], latency: {uniform: [1ms, 5ms]}}
duration: 1440m
peers:
  - {name: echo, on: server, listen: 4500, run: echo}
  - {name: ping, on: left, connect: "server:4500", run: {ping-pong: {every: 10ms}}}
chaos: {mode: swarm, interval: 1s, length: 200ms, except: [process-exit, corrupt]}
"""


class Screen:
    def __init__(self, lab):
        self.lab = lab
        arguments = ["tmux", "-L", f"peerlab-bench-{os.getpid()}", "-f", "/dev/null", "new-session",
                     "-x", "120", "-y", "40", PROGRAM, self.lab]
        with open(self.lab, "w", encoding="utf-8") as file:
            file.write(LAB)
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execvp(arguments[0], arguments)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self, timeout):
        ready, _, _ = select.select([self.terminal], [], [], timeout)
        return os.read(self.terminal, 65536) if ready else b""

    def write(self, keys):
        os.write(self.terminal, keys)

    def settle(self, quiet=0.5):
        """Waits until nothing is painted any more."""
        deadline = time.monotonic() + LIMIT
        while self.read(quiet):
            if time.monotonic() > deadline:
                sys.exit("the screen does not come to rest")

    def command(self, text):
        self.write(b":" + text + b"\r")

    def time_of(self, letter):
        """Milliseconds until a typed letter has been painted."""
        begin = time.monotonic()
        self.write(letter)
        seen = b""
        while letter not in seen:
            seen += self.read(5)
            if time.monotonic() - begin > 5:
                sys.exit("a letter was not painted within five seconds")
        return (time.monotonic() - begin) * 1000


def typed(screen, count):
    screen.write(b":")
    drained(screen)
    times = []
    for place in range(count):
        times.append(screen.time_of(LETTERS[place % 4:place % 4 + 1]))
    screen.write(b"\x1b")
    return times


def stepped(screen):
    """Milliseconds until the frame of a step has been painted."""
    begin = time.monotonic()
    screen.write(b"s")
    if not screen.read(5):
        sys.exit("a step painted nothing within five seconds")
    last = time.monotonic()
    while screen.read(0.015):
        last = time.monotonic()
    return (last - begin) * 1000


def drained(screen):
    """What was painted before is no answer to what is typed next."""
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        screen.read(0.01)


def main():
    folder = tempfile.mkdtemp()
    screen = Screen(os.path.join(folder, "lab.yaml"))
    screen.settle(1.0)
    times = []
    try:
        if EVENTS == 0:
            while len(times) < KEYS:
                times.append(stepped(screen))
        else:
            screen.command(b"goto #%d" % (EVENTS + 1000))
            screen.settle(0.6)
            while len(times) < KEYS:
                screen.command(b"goto #%d" % (EVENTS - len(times)))
                screen.settle(0.4)
                screen.command(b"cut left-server")
                times += typed(screen, KEYS_A_WORLD)
                screen.settle(0.6)
                screen.command(b"timeline 1")
                screen.settle(0.4)
    finally:
        os.system(f"tmux -L peerlab-bench-{os.getpid()} kill-server 2>/dev/null")
        shutil.rmtree(folder)
    times.sort()
    print(times[min(len(times) - 1, len(times) * 99 // 100)])
    if os.environ.get("PEERLAB_BENCH_TIMES"):
        print([round(value, 1) for value in times], file=sys.stderr)


main()
