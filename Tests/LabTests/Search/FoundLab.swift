/// Labs that a search has found to end with an error: as texts, for another generator would make others of their seeds.
struct FoundLab: Sendable {
    let seed: UInt64
    let text: String

    static let all = [idleWhileAWriteGoesOn, idleUnderFlood, reconnectsThatFailAtOnce, requestsThatFailAtOnce]

    /// An idle connection on which a write goes on for ever.
    static let idleWhileAWriteGoesOn = FoundLab(
        seed: 9871,
        text: """
            lab: generated
            duration: 3s
            hosts:
              a: {}
              b: {}
              c: {router: false}
              d: {tcp_synack_retries: 0}
            links:
              - {between: [a, b], duplicate: 0.000001, backward: {latency: 1ms, duplicate: 0}}
              - {between: [a, c]}
              - {between: [a, d], bandwidth: 1048576 MiB/s}
              - {between: [b, d], corrupt: 1}
            peers:
              - {name: l0, on: a, listen: 100, run: {work-queue: {jobs: "30", lease: "1000797ns"}},
                  config: {inbox-bytes: 1024 MiB, expects: x, handshake-timeout: 60m}}
              - {name: p0x0, on: a, connect: "a:100", run: {work-queue: {takes: "98987697123ns"}},
                  config: {batch: 1, high-water: 1, heartbeat: {interval: 60m, timeout: 1440m},
                  connect-timeout: 60m}}
              - {name: p0x1, on: a, connect: "a:100", run: {work-queue: {takes: "98987697123ns"}},
                  config: {backoff: {jitter: none, reset-after: 60m}, maximum-payload: 1 B, low-water: 0}}
            buggify: {activation: 1, firing: 1, knobs: true}
            chaos: all
            schedule: fifo
            invariants: on
            """)

    /// The same, where a line loses, and connections are closed each millisecond.
    static let idleUnderFlood = FoundLab(
        seed: 11319,
        text: """
            lab: generated
            duration: 43200m
            hosts:
              a: {memory: 1048576 MiB, tcp_keepalive_time: 43200m, sockets: 1000000}
              b: {clock: {offset: -525600m}}
              c: {router: false, tcp_synack_retries: 0}
              d: {retries: 0}
            links:
              - {between: [a, b], reorder: [1, 0s], duplicate: 1, bandwidth: 64 KiB/s}
              - {between: [a, c], corrupt: {caught: 0, uncaught: 1}}
              - {between: [a, d], bandwidth: 1048576 MiB/s, duplicate: 0.5, queue: 1 B}
              - {between: [b, c], reorder: [1, 60m]}
              - {between: [b, d]}
              - {between: [c, d], queue: 0 B, bandwidth: 1048576 MiB/s}
            peers:
              - {name: p0x0, on: d, connect: "b:100", run: {flood: {every: "60m", size: "29716 B", count: "1",
                  delivery: "reliable"}}, config: {idle-timeout: off, backoff: {growth: adaptive, reset-after: 0s},
                  read-timeout: 1ms}}
              - {name: l0, on: b, listen: 100, run: sink, config: {low-water: 0, inbox: 1, preset: lan, expects: x}}
              - {name: p1x0, on: a, connect: "b:101", run: {ping-pong: {every: "60m", size: "1 B", count: "61120",
                  delivery: "unreliable"}}, config: {sessions: 1, read-timeout: 1440m}}
              - {name: p1x1, on: c, connect: "b:101", run: {ping-pong: {every: "60m", size: "1 B", count: "61120",
                  delivery: "unreliable"}}, config: {close-timeout: 60m, handshake-timeout: 60m,
                  backoff: {jitter: none, reset-after: 60m}}}
              - {name: l1, on: b, listen: 101, run: echo, config: {inbox-bytes: 1024 MiB}}
            faults:
              - {at: 0s, loss: [a,b], probability: 0.5, for: 300ms}
              - {at: 1ms, close: a, probability: 0.5, manner: reset, for: 1ns, every: 1ms}
            buggify: swarm
            chaos: pairwise
            schedule: fifo
            invariants: on
            """)

    /// Reconnects without a backoff, whose attempts fail at once.
    static let reconnectsThatFailAtOnce = FoundLab(
        seed: 10537,
        text: """
            lab: generated
            duration: 30s
            hosts:
              a: {}
              b: {ports: 0}
            links:
              - {between: [a, b], backward: {mtu: 129, latency: {bimodal: [0s, 60m, 0.5]}}}
            peers:
              - {name: l0, on: a, listen: 100, run: {sink: {}}, config: {idle-timeout: off, connect-timeout: 60m}}
              - {name: l1, on: a, listen: 101, run: {heartbeat-mesh: {every: "42739428ns"}},
                  config: {handshake-timeout: 60m}}
              - {name: l2, on: a, listen: 102, run: {work-queue: {jobs: "2", lease: "23313434803ns"}},
                  config: {maximum-payload: 64 B}}
              - {name: p2x0, on: a, connect: "a:102", run: {work-queue: {takes: "65971164973ns"}}}
            faults:
              - {at: 1ms, force: peer.reconnect.early}
              - {at: 0s, slow-timers: b, most: 0ns, probability: 0, every: 1s}
            buggify: pairwise
            chaos: swarm
            schedule: shuffled
            invariants: on
            """)

    /// Requests that cannot be sent any more, and are asked again without a wait.
    static let requestsThatFailAtOnce = FoundLab(
        seed: 573,
        text: """
            lab: generated
            duration: 100s
            hosts:
              a: {receive-buffer: 1024 MiB, tcp_synack_retries: 0}
              b: {}
              c: {}
            links:
              - {between: [a, c], backward: {}}
              - {between: [b, c], queue: 1 B, mtu: 128, corrupt: 1, bandwidth: 64 KiB/s}
            peers:
              - {name: l0, on: a, listen: 100, run: {request-response: {takes: "393303982ns"}},
                  config: {backoff: {growth: decorrelated, jitter: full}, maximum-payload: 8 B,
                  heartbeat: {interval: 100ms, timeout: 1s, reconnect-below: 1}}}
              - {name: p0x0, on: a, connect: "a:100", run: {request-response: {every: "0s", size: "8 B",
                  count: "0", parallel: "10000", timeout: "1479945ns", retries: "1", pool: {minimum: "3",
                  selection: "random-of-two", idle: "1030301ns"}}}, config: {linger: 0s, low-water: 0.7,
                  heartbeat: {interval: 100ms, timeout: 1s, reconnect-below: 1}, close-timeout: 60m}}
              - {name: p0x1, on: b, connect: "a:100", run: {request-response: {every: "0s", size: "8 B",
                  count: "0", parallel: "10000", timeout: "1479945ns", retries: "1", pool: {minimum: "3",
                  selection: "random-of-two", idle: "1030301ns"}}}}
            buggify: {activation: 1, firing: 0, knobs: true}
            chaos: {interval: 1ms, length: 1ms}
            schedule: fifo
            invariants: on
            """)
}
