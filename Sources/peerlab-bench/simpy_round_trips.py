"""Round trips a second in SimPy: two processes, two stores, 1 ms each way; six SimPy events a round trip."""

import sys
import time

import simpy

ROUND_TRIPS = int(sys.argv[1])
MESSAGE = bytes(64)


def client(env, there, back):
    for _ in range(ROUND_TRIPS):
        yield env.timeout(0.001)
        yield there.put(MESSAGE)
        yield back.get()


def server(env, there, back):
    while True:
        message = yield there.get()
        yield env.timeout(0.001)
        yield back.put(message)


begin = time.perf_counter()
env = simpy.Environment()
there = simpy.Store(env)
back = simpy.Store(env)
done = env.process(client(env, there, back))
env.process(server(env, there, back))
env.run(until=done)
print(ROUND_TRIPS / (time.perf_counter() - begin))
