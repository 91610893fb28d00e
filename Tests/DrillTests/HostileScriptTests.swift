import Testing

@testable import Drill

/// Nothing that a script says ends in a trap, a hang or a full memory.
@Suite struct HostileScriptTests {
    private static let open = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 bind(3, ..., ...) = 0
        +0 listen(3, 1) = 0
        +0 < S 0:0(0) win 65535 <mss 1,sackOK,TS val 4294967295 ecr 0,nop,wscale 255>
        +0 > S. 0:0(0) ack 1 <...>
        +0 < . 1:1(0) ack 1 win 65535 <nop,nop,TS val 4294967295 ecr 0>
        +0 accept(3, ..., ...) = 4

        """

    /// Each is refused, or runs to a verdict.
    @Test(arguments: [
        "`sysctl net.ipv4.tcp_retries2=99999999999 net.ipv4.tcp_rto_max_ms=9223372036854775807`",
        "`sysctl net.ipv4.tcp_rmem=\"0 0 0\" net.ipv4.tcp_wmem=\"0 0 0\"`",
        "`sysctl net.ipv4.tcp_keepalive_time=9223372036854775807 net.ipv4.tcp_keepalive_intvl=0`",
        "+0 setsockopt(4, SOL_TCP, TCP_KEEPINTVL, [0], 4) = 0\n+0 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0",
        "+0 setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [9223372036854775807], 4) = 0",
        "+0 setsockopt(4, SOL_SOCKET, SO_SNDBUF, [9223372036854775807], 4) = 0\n+0 write(4, ..., 99999999999) = 1",
        "+0 setsockopt(4, SOL_TCP, TCP_MAXSEG, [-5], 4) = 0\n+0 write(4, ..., 100000) = 100000",
        "+0 < . 4294967295:4294967295(0) ack 4294967295 win 4294967295 <sack 0:4294967295,nop,nop>",
        "+0 < icmp unreachable frag_needed mtu 0 [1:2(1)]\n+0 write(4, ..., 5000) = 5000",
        "+0 setsockopt(4, SOL_SOCKET, SO_SNDBUF, [-9223372036854775808], 4) = 0",
        "+999999 close(4) = 0\n+999999 close(4) = 0",
        "+0 %{ assert 9223372036854775807 * 2 / -1 % 0 << 99 >= 1 }%",
        "+0 %{ x = 0 - 9223372036854775807 - 1\nassert x / (0 - 1) != 7 }%",
    ])
    func runsToAVerdict(lines: String) throws {
        let script = try ScriptReader.read(Self.open + lines + "\n+1000 close(4) = 0\n", name: "x")
        _ = Drill.simulated(script).verdict
    }

    @Test(arguments: [
        "0 %{ assert \(String(repeating: "(", count: 100_000))1\(String(repeating: ")", count: 100_000)) }%",
        "0 %{ assert \(String(repeating: "not ", count: 100_000))1 }%",
        "0 %{ assert \(String(repeating: "-", count: 100_000))1 }%",
        "0 %{ assert 1\(String(repeating: "+1", count: 100_000)) }%",
        "0 close(\(String(repeating: "[", count: 100_000))) = 0",
        "0 < . 0:4000000000(4000000000) ack 1",
        "99999999999 close(3) = 0", "0 < icmp unreachable frag_needed mtu -9223372036854775808 [1:2(1)]",
        "0 < . 1:1(0) ack 1 win 1 <sack 1:2 3:4 5:6 7:8 9:10>",
        "0 < . 1:1(0) ack 1 win 1 <TS val 1 ecr 1,sack 1:2 3:4 5:6 7:8>",
        String(repeating: "9", count: 1_000_000),
    ])
    func isRefused(text: String) {
        #expect(throws: ScriptProblem.self) { try ScriptReader.read(text, name: "x") }
    }

    /// The times of many lines add up to more than there is.
    @Test func timesWithoutEnd() throws {
        let text = String(repeating: "+1000000 close(9) = -1\n", count: 20_000)
        let script = try ScriptReader.read(text, name: "x")
        guard case .unsupported(let line, _) = Drill.simulated(script).verdict else {
            Issue.record("it ends")
            return
        }
        #expect(line == 11)
    }
}
