import Foundation
import Testing

@testable import Lab

/// One mistake gives one error, at its own place, and no warning: what cannot be read is not judged, nor what depends on it.
@Suite struct OneMistakeTests {
    /// A lab whose sections lean on each other.
    private static let leaning = """
        lab: leaning
        duration: 40s
        hosts:
          server: {router: true, clock: {offset: 1s}, sockets: 100}
          client: {count: 2}
          relay: {router: true}
        links:
          - {between: ["client-*", relay], bandwidth: 1 MiB/s, forward: {queue: 1 KiB}, reorder: {probability: 0.1, by: 1ms}}
          - {between: [relay, server], bandwidth: 1 MiB/s, queue: 2 KiB}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client-1, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 2 MiB}}, config: {maximum-payload: 3 MiB, queue: 200, connect-timeout: 1s}}
          - {name: asks, on: client-2, connect: "server:4501", run: {request-response: {every: 100ms, timeout: 1s}}}
          - {name: answers, on: server, listen: 4501, run: {request-response: {takes: 1ms}}}
        faults:
          - {when: ping is connected, after: 1s, cut: relay-server, for: 1s, every: 5s, times: 2}
          - {at: 12s, partition: [[client-1, client-2], [server]]}
          - {at: 12s, force: link.loss, subject: "relay->server"}
          - {at: 20s, heal-all: true}
        expect:
          - ping is connected by 35s
          - ping queue reaches 150
          - every peer recovers
          - asks is reconnecting by 11s
        story:
          - {when: 11s, say: "cut"}
          - {when: relay-server is cut, say: "again"}
        """

    private static let names = ["leaning", "full"] + LabsOnDisk.names

    private func text(_ name: String) throws -> String {
        switch name {
        case "leaning": Self.leaning
        case "full": LabText.full
        default: try LabsOnDisk.text(name)
        }
    }

    /// The places of what a pattern finds in a text.
    private func places(_ pattern: String, in text: String) throws -> [NSRange] {
        let expression = try NSRegularExpression(pattern: pattern)
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { $0.range(at: 1) }
    }

    private func check(_ mutant: String, of text: String, at range: NSRange, _ what: String) -> Bool {
        let line = (text as NSString).substring(to: range.location).filter { $0 == "\n" }.count + 1
        do throws(LabDiagnostics) {
            _ = try LabFile.read(text: mutant, name: "x")
            return false
        } catch {
            let lines = error.all.map(\.line)
            #expect(lines == [line] && error.warnings.isEmpty, "line \(line), \(what): \(error)")
            return true
        }
    }

    @Test(arguments: names) func aNumberWithoutItsUnit(_ name: String) throws {
        let text = try text(name)
        var wrong = 0
        for unit in try places("[0-9] ?(ns|us|ms|s|m|B|KiB|MiB|KiB/s|MiB/s)\\b", in: text) {
            let mutant = (text as NSString).replacingCharacters(in: unit, with: "")
            if check(mutant, of: text, at: unit, "without its unit") { wrong += 1 }
        }
        #expect(wrong > 0)
    }

    @Test(arguments: names) func aKeyThatIsMisspelt(_ name: String) throws {
        let text = try text(name)
        let hosts = ["server", "client", "relay", "left", "right", "sink", "queue", "worker"]
        for key in try places("([a-zA-Z_][a-zA-Z_-]{3,}):(?=[ \n])", in: text) {
            let word = (text as NSString).substring(with: key)
            // The names of hosts are the author's own.
            if hosts.contains(word) { continue }
            let swapped = String(word.prefix(1)) + String(word.dropFirst(1).prefix(2).reversed()) + word.dropFirst(3)
            guard swapped != word else { continue }
            _ = check(
                (text as NSString).replacingCharacters(in: key, with: swapped), of: text, at: key, swapped)
        }
    }

    @Test func aSectionThatStandsTwice() {
        let text = """
            lab: x
            hosts: [a, b]
            peers: [{name: e, on: a, listen: 1, run: echo}]
            links: []
            links: [{between: [a, b]}]
            peers: [{name: p, on: b, connect: "a:1", run: ping-pong}]
            faults: [{at: 1s, cut: a-b}]
            expect: [p is connected]
            """
        let errors = diagnostics(of: text)
        #expect(errors.count == 2 && errors.allSatisfy { $0.contains("duplicate key") }, "\(errors)")
    }

    /// What was found by hand: each of these led to an error beside its own.
    @Test(arguments: [
        "peers: [{name: p, on: b, connect: 'a:1', run: {ping-pong: {every: 100}}}]\nexpect: [p is connected]",
        "peers: [{name: p, on: b, connect: a, run: ping-pong}]\nexpect: [p is connected]",
        "peers: [{name: e, on: b, listen: x, run: echo}]\nexpect: [e is listening]",
        "peers: [{name: p, on: b, conect: 'a:1', run: ping-pong}]\nexpect: [p is connected]",
        "peers: [{name: p, on: b, connect: 'a:1', run: ping-pong, config: {queue: x}}]\nexpect: [p queue reaches 99]",
        "peers: [{name: p, on: b, connect: 'a:1', run: {ping-pong: {size: 2 MiB}}, config: {maximum-payload: 3}}]",
        "peers: [{name: p, on: b, connect: 'a:1', run: ping-pong}]\nfaults: [{at: 5, heal-all: true}]\n"
            + "expect: [every peer recovers]",
        "chaos: {only: [cutt]}",
    ])
    func anEntryThatIsWrongMakesNoOther(_ lines: String) {
        let errors = diagnostics(of: "lab: x\nhosts: [a, b]\nlinks: [{between: [a, b]}]\n\(lines)\n")
        #expect(errors.count == 1, "\(errors)")
    }
}
