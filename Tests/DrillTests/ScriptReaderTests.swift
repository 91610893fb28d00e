import Foundation
import Testing

@testable import Drill

/// Scripts are read as packetdrill reads them, and what is wrong has its place.
@Suite struct ScriptReaderTests {
    private func events(_ text: String) throws -> [Script.Event] { try ScriptReader.read(text, name: "x").events }

    @Test func timesOfAllKinds() throws {
        let events = try events(
            """
            0 close(3) = 0
            0.25 close(3) = 0
            +.1 close(3) = 0
            0.1~0.2 > . 1:1(0) ack 1
            +0~+.05 > . 1:1(0) ack 1
            * > . 1:1(0) ack 1
            """)
        #expect(
            events.map(\.time) == [
                .absolute(0), .absolute(250_000_000), .relative(100_000_000), .between(100_000_000, 200_000_000),
                .relativeBetween(0, 50_000_000), .any,
            ])
        #expect(events.map(\.line) == [1, 2, 3, 4, 5, 6])
    }

    @Test func aCallThatWaits() throws {
        let event = try #require(
            try events("+0...0.2 connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)").first)
        guard case .call(let call, let returnsAfter) = event.what else {
            Issue.record("no call")
            return
        }
        #expect(returnsAfter == 200_000_000 && call.error == "ECONNREFUSED" && call.result == -1)
        #expect(call.arguments == [.number(3), .usual, .usual])
    }

    @Test func aSegmentWithAllItsOptions() throws {
        let text = "+0 > SP. 1:101(100) ack 7 win 9 <mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7,sack 5:9 20:30>"
        guard case .outgoing(let segment)? = try events(text).first?.what else {
            Issue.record("no segment")
            return
        }
        #expect(segment.flags == "SP." && segment.sequence == 1 && segment.length == 100)
        #expect(segment.acknowledgement == 7 && segment.window == 9)
        #expect(
            segment.options == [
                .maximumSegmentSize(1_460), .permitsSACK, .timestamps(value: 1, echo: 2), .padding, .windowScale(7),
                .blocks([5...9, 20...30]),
            ])
    }

    @Test func settingsAndRemarks() throws {
        let script = try ScriptReader.read(
            """
            // a remark
            # another
            --tolerance_usecs=10000
            `sysctl -q net.ipv4.tcp_sack=0 net.ipv4.tcp_rmem="4096 131072 6291456"
             ip tcp_metrics flush all
             echo 3 > /sys/module/tcp_cubic/parameters/hystart_detect`
            /* a long
               one */ 0 close(3) = 0 // here
            """, name: "x")
        #expect(script.settings == ["net.ipv4.tcp_sack": "0", "net.ipv4.tcp_rmem": "4096 131072 6291456"])
        #expect(script.tolerance == 10_000_000 && script.events.map(\.line) == [8])
    }

    @Test(arguments: [
        ("0 > S 0:1(0)", 1, 13, "from 0 to 1 are 1 bytes and not 0"),
        ("\n0 > 0:0(0)", 2, 5, "the flags of a segment are expected"),
        ("0 < . 1:1(0) win 5", 1, 19, "a segment with '.' has an ack"),
        ("0 close(3)", 1, 11, "'=' and what the call gives back are expected"),
        ("x close(3) = 0", 1, 1, "a time in seconds is expected"),
        ("0 %{ assert 1", 1, 14, "'%{' is not closed by '}%'"),
        ("0 %{ assert ( }%", 1, 1, "a bracket is not closed"),
        ("0 > . 1:1(0) ack 1 <wscale", 1, 27, "'>' is missing"),
        ("0.2~0.1 > . 1:1(0) ack 1", 1, 8, "a range of times begins before it ends"),
        ("// nothing", 1, 11, "the script has no events"),
    ])
    func whatIsWrongHasItsPlace(text: String, line: Int, column: Int, message: String) {
        let problem = #expect(throws: ScriptProblem.self) { try ScriptReader.read(text, name: "x") }
        #expect(problem == ScriptProblem(line: line, column: column, message: message))
    }

    @Test(arguments: [
        "`tc qdisc add dev tun0 root pfifo limit 0`\n0 close(3) = 0", "0 > U. 1:1(0) ack 1",
        "0 > . 1:1(0) ack 1 <md5 x>",
        "`echo 2 > /sys/module/tcp_cubic/parameters/hystart_detect`\n0 close(3) = 0",
    ])
    func whatIsNotKnownIsSaid(text: String) {
        let problem = #expect(throws: ScriptProblem.self) { try ScriptReader.read(text, name: "x") }
        #expect(problem?.isUnsupported == true)
    }

    /// Cut off and damaged anywhere it is read, or refused with a place in it.
    @Test func damagedScriptsAreRefused() throws {
        let text = try String(contentsOf: Scripts.folder.appending(path: "recovery/eifel.pkt"), encoding: .utf8)
        let characters = Array(text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        var refused = 0
        for place in characters.indices {
            for damage in ["", "(", ">", "9", "~", "`"] {
                let damaged = String(characters[..<place]) + damage + String(characters[(place + 1)...])
                do {
                    _ = try ScriptReader.read(damaged, name: "x")
                } catch {
                    refused += 1
                    #expect((1...lines).contains(error.line) && error.column > 0)
                }
            }
        }
        #expect(refused > 1_000)
    }
}
