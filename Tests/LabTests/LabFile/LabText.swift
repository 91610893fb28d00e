import Testing

@testable import Lab

/// Lab files for tests.
enum LabText {
    /// The example of the command line's documentation.
    static let halfOpen = """
        lab: half-open
        title: The peer that died without saying goodbye
        seed: 7
        duration: 20s
        hosts: [client, server]
        links:
          - between: [client, server]
            latency: {uniform: [1ms, 5ms]}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}, config: {heartbeat: {interval: 1s, timeout: 2s}}}
        faults:
          - {at: 5s, power-loss: server}
          - {at: 12s, power-on: server}
        buggify: off                      # or {activation: 0.25, firing: 0.25}, or swarm
        expect:
          - ping is reconnecting by 9s
          - ping is connected by 15s
          - no message is delivered twice
        story:                            # what the screen says, and when
          - {when: start, say: "Two hosts, one connection. Step a few events and watch the handshake."}
          - {when: server loses power, say: "The client's socket still says ESTABLISHED. Why?"}

        """

    /// Two hosts, a link, an echo and a ping-pong; what is appended adds sections.
    static let pair = """
        lab: pair
        hosts: [client, server]
        links: [{between: [client, server]}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {count: 100}}}

        """

    /// Everything that a lab file can say.
    static let full = """
        # A lab with a bit of everything.
        lab: everything-1
        title: 'All there is'
        seed: 0xDEADBEEFCAFEF00D
        duration: 1.5m
        hosts:
          server: {backlog: 2, send-buffer: 8 KiB, receive-buffer: 1 MiB, syn-retries: 3, retries: 7}
          client: {count: 3}
          relay:
        links:
          - between: ["client-*", server]
            latency: {normal: [10ms, 2ms]}
            loss: 0.25
            backward: {latency: 500us, loss: 0}
          - {between: [relay, server], latency: {bimodal: [1ms, 50ms, 0.5]}, forward: {latency: {pareto: [1ms, 1.5]}}}
          - {between: [relay, "client-1"], latency: {exponential: 3ms}, backward: {latency: {constant: 7ns}}}
        peers:
          - {name: echo, on: server, listen: 1, run: echo}
          - {name: drain, on: server, listen: 65535, run: sink}
          - {name: store, on: relay, listen: 80, run: bulk}
          - name: ping
            on: client-*
            connect: server:1
            run: {ping-pong: {every: 1s, size: 1 KiB, count: 10}}
            config:
              preset: wan
              queue: 8
              queue-bytes: 1 MiB
              high-water: 0.9
              low-water: 0.1
              inbox: 16
              inbox-bytes: 2 MiB
              handshake-timeout: 1s
              read-timeout: 30s
              write-timeout: off
              idle-timeout: 60s
              close-timeout: 3s
              batch-bytes: 1 KiB
              linger: 1ms
              maximum-payload: 2 KiB
              connect-timeout: 2s
              reconnects: false
              batch: 4
              heartbeat: off
              backoff: {initial: 1ms, maximum: 1m, jitter: full, reset-after: 0s, attempts: 5, growth: adaptive}
              breaker: {failures: 3, open-for: 20s, probes: 2}
          - {name: rush, on: relay, connect: "server:65535", run: flood, config: {preset: test, heartbeat: {timeout: 1s, phi: {threshold: 12, window: 50, minimum-deviation: 20ms}, reconnect-below: 0.25}}}
          - {name: copy, on: server, connect: "relay:80", run: {bulk: {bytes: 4 MiB}}}
        faults:
          - {at: 1s, cut: client-2-server, for: 800ms}
          - {at: 2s, cut: server-relay, direction: "server->relay"}
          - {at: 3s, heal: [relay, server], direction: "relay->server"}
          - {at: 4s, power-loss: client-3, for: 1s}
          - {at: 5s, power-on: client-3}
          - {at: 6s, process-kill: ping-1, for: 2s}
          - {at: 7s, restart: echo}
          - {at: 8s, pause: drain, for: 1s}
          - {at: 9s, resume: drain}
          - {at: 90s, slow-reader: {peer: drain, rate: 1.5 KiB/s}}
        buggify: {activation: 0.5, firing: 1}
        expect:
          - ping-1 is failed
          - ping-2 has sent 10 messages by 30s
          - ping-2 has received 1 message
          - rush has requeued 3 messages by 1m
          - rush reconnects at least 2 times by 80s
          - rush reconnects at most 1 time
          - rush queue reaches 64 by 5s
          - rush is blocked by 5s
          - copy finishes by 8s
          - a connection is half-open by 6s
          - no message is delivered twice
          - no message is dropped
        story:
          - {when: start, say: "Once"}
          - {when: 2500ms, say: "then"}
          - {when: client-3 loses power, say: a}
          - {when: client-3 gets power, say: b}
          - {when: server-client-2 is cut, say: c}
          - {when: relay-server is healed, say: d}
          - {when: ping-1 is reconnecting, say: e}
          - {when: rush is blocked, say: f}
          - {when: copy finishes, say: g}
          - when: end
            say: |
              and they lived
              happily
        """
}

/// A lab file that is wrong, and what must be said of it.
struct FaultyLab: Sendable, CustomTestStringConvertible {
    /// What stands before the text.
    enum Beginning: Sendable {
        case nothing, hosts, linked, pair

        var text: String {
            switch self {
            case .nothing: ""
            case .hosts: "lab: a\nhosts: [client, server]\n"
            case .linked: "lab: a\nhosts: [client, server]\nlinks: [{between: [client, server]}]\n"
            case .pair: LabText.pair
            }
        }
    }

    var text: String
    /// `line:column: message`, in the order in which they must come.
    var errors: [String]
    private var end: String

    init(_ beginning: Beginning, _ end: String, _ errors: [String]) {
        text = beginning.text + end
        self.end = end
        self.errors = errors
    }

    var testDescription: String { String(end.prefix(80)) }
}

/// Reads a text and gives what is wrong with it, `x:line:column: message` each.
func diagnostics(of text: String) -> [String] {
    do throws(LabDiagnostics) {
        _ = try LabFile.read(text: text, name: "x")
        return []
    } catch {
        return error.all.map { $0.description.replacing(": error: ", with: ": ") }
    }
}
