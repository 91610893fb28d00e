import Foundation
import Testing

/// What this machine can do.
enum Machine {
    /// Why this machine has no hosts of their own; nil where it has.
    static let withoutHosts: String? = {
        let result = try? Program.run(["doctor"])
        let line = result?.output.split(separator: "\n").first { $0.contains("hosts") }
        return line?.hasPrefix("ok") == true ? nil : line.map(String.init) ?? "doctor says nothing"
    }()
}

/// Labs with the kernel's own TCP, and programs inside their hosts, as a user runs them.
@Suite("Linux", .serialized, .enabled(if: Machine.withoutHosts == nil, "\(Machine.withoutHosts ?? "")"))
struct LinuxTests {
    /// A lab in a file of its own, which the caller removes.
    private func lab(_ text: String) throws -> URL {
        let file = Program.temporaryFile("yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    private static let pair = """
        lab: pair
        duration: 3s
        hosts: [client, server]
        links:
          - {between: [client, server], latency: 20ms}

        """

    private func exec(_ command: [String], in host: String = "client", lab text: String = pair) throws -> Program.Result
    {
        let file = try lab(text)
        defer { try? FileManager.default.removeItem(at: file) }
        return try Program.run(["exec", file.path, "--in", host, "--"] + command)
    }

    @Test(
        "A command's exit code is that of exec, and its words go where its own would",
        arguments: [
            (["sh", "-c", "exit 7"], 7), (["true"], 0), (["no-such-program"], 127), (["/etc/passwd"], 126),
            (["sh", "-c", "kill -9 $$"], 137), (["sh", "-c", "kill -TERM $$"], 143),
        ] as [([String], Int32)])
    func exitCodes(_ command: [String], _ code: Int32) throws {
        #expect(try exec(command).ended(with: code))
    }

    /// Runs a program where there is no TUN device: what hides it ends with the program.
    private static let withoutTUN = [
        "unshare", geteuid() == 0 ? "-m" : "-rm", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh",
    ]

    @Test("Without a TUN device hosts have a pair of devices each, and doctor says so")
    func withoutDevice() throws {
        let doctor = try Program.run(["doctor"], through: Self.withoutTUN)
        #expect(doctor.output.contains("(veth) instead") && doctor.output.contains("ok  hosts"), "\(doctor)")
        let result = try Program.run(["compare", "hello", "--on", "linux"], through: Self.withoutTUN)
        #expect(result.ended(with: 0) && result.output.contains("1 of 1 real run agrees"), "\(result)")
        let file = try lab(Self.pair)
        defer { try? FileManager.default.removeItem(at: file) }
        let devices = try Program.run(
            ["exec", file.path, "--in", "client", "--", "cat", "/proc/net/dev"], through: Self.withoutTUN)
        #expect(devices.output.contains("lab0-w"), "\(devices)")
        #expect(doctor.output.contains("ok  namespaces"), "\(doctor)")
        let script = "Tests/DrillTests/Drill/handshake/server.pkt"
        let drill = try Program.run(["drill", script, "--on", "linux"], through: Self.withoutTUN)
        #expect(drill.ended(with: 0) && drill.output.hasSuffix("1 held, 0 failed, 0 unsupported\n"), "\(drill)")
    }

    @Test("A command has its own streams, the lab's names and no others")
    func names() throws {
        let file = try lab(Self.pair)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try Program.run(
            ["exec", file.path, "--in", "client", "--", "sh", "-c", "cat; echo seen >&2; cat /etc/hosts; ps ax"],
            input: Data("asked\n".utf8))
        #expect(result.output.hasPrefix("asked\n") && result.errors.contains("seen\n"))
        #expect(result.output.contains("198.18.0.1\tclient") && result.output.contains("198.18.0.2\tserver"))
        #expect(!result.output.contains("swift"), "no process outside is seen")
        #expect(try exec(["getent", "hosts", "localhost.invalid"]).status != 0)
    }

    /// A connection that is tried to a place, and what comes of it.
    private func reach(_ host: String, _ port: Int) throws -> String {
        let script = """
            import socket, sys
            try:
                socket.create_connection(("\(host)", \(port)), 2).close(); print("reached")
            except OSError as error: print(type(error).__name__, error.errno)
            """
        return try exec(["python3", "-c", script]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("No address outside the lab is reached from within, and nothing within from outside")
    func isClosed() throws {
        // A server outside, on this machine.
        let outside = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(outside) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> UInt16 in
                guard bind(outside, generic, size) == 0, listen(outside, 8) == 0,
                    getsockname(outside, generic, &size) == 0
                else { return 0 }
                return 1
            }
        }
        #expect(port == 1)
        #expect(try reach("127.0.0.1", Int(UInt16(bigEndian: address.sin_port))) == "ConnectionRefusedError 111")
        #expect(try reach("192.0.2.1", 80) == "OSError 101", "no way leads out")
        // What listens in a lab does so in its host alone.
        let text =
            Self.pair + """
                programs:
                  - {name: web, on: server, run: [python3, -m, http.server, "47115"], ready: "port 47115"}
                """
        let inside = try exec(
            ["sh", "-c", "curl -s -o /dev/null -m 2 http://server:47115/ && echo inside"], lab: text)
        #expect(inside.output.contains("inside"))
        let file = try lab(text)
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try Child(
            [Program.path, "run", file.path, "--on", "linux"], environment: Program.variables(), in: Program.root,
            input: "/dev/null", output: "/dev/null", errors: "/dev/null")
        let probe = try Program.run(
            ["-s", "-m", "1", "--retry", "3", "--retry-connrefused", "http://127.0.0.1:47115/"],
            executable: "/usr/bin/curl")
        #expect(probe.status != 0)
        #expect(run.wait().status == 0)
    }

    @Test("A program has no more rights than who has started the lab, and gets none")
    func rights() throws {
        let result = try exec(["sh", "-c", "id -u; grep NoNewPrivs /proc/self/status"])
        #expect(result.output == "\(getuid())\nNoNewPrivs:\t1\n")
    }

    /// The processes whose command has a word in it.
    private func processes(with word: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(word)
        }
    }

    @Test("Nothing is left of a lab that is killed, nor of one that ends", arguments: [SIGKILL, SIGINT])
    func cleaning(signal: Int32) throws {
        // One that takes no notice of requests, and what it has started beside itself.
        let mark = "86399.\(signal)"
        let text =
            Self.pair.replacing("3s", with: "60s") + """
                programs:
                  - name: stubborn
                    on: server
                    run: [sh, -c, "trap '' TERM INT; setsid sleep \(mark) & sleep \(mark)"]
                """
        let file = try lab(text)
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try Child(
            [Program.path, "run", file.path, "--on", "linux"], environment: Program.variables(), in: Program.root,
            input: "/dev/null", output: "/dev/null", errors: "/dev/null")
        var looks = 0
        // The shell that has it in its command, its two children, and who has started them.
        while processes(with: mark).count < 5, looks < 2_000 {
            looks += 1
            usleep(5_000)
        }
        #expect(processes(with: mark).count >= 5)
        kill(run.pid, signal)
        _ = run.wait()
        looks = 0
        while !processes(with: mark).isEmpty, looks < 2_000 {
            looks += 1
            usleep(5_000)
        }
        #expect(processes(with: mark).isEmpty)
    }

    /// Runs a lab of programs, and gives what each has written.
    private func written(_ text: String, by names: [String]) throws -> [String: String] {
        let file = try lab(text)
        defer { try? FileManager.default.removeItem(at: file) }
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        let result = try Program.run(
            ["run", file.path, "--on", "linux"], environment: ["XDG_STATE_HOME": home.path])
        #expect(result.ended(with: 0), "\(result)")
        var texts: [String: String] = [:]
        for name in names {
            texts[name] = try String(
                contentsOf: home.appendingPathComponent("peerlab/programs/pair/\(name).log"), encoding: .utf8)
        }
        return texts
    }

    @Test("What a program reports is what the fault says: latency, a cut that heals, a reset, a pause, a kill")
    func faults() throws {
        let ask = "curl -sS -o /dev/null -m 4 -w '%{http_code} %{time_total}\\\\n' http://server:8000/ 2>&1"
        let text =
            Self.pair.replacing("3s", with: "9s") + """
                programs:
                  - {name: web, on: server, run: [python3, -m, http.server, "8000"], ready: "port 8000"}
                  - {name: late, on: client, run: [sh, -c, "\(ask)"]}
                  - {name: cut, on: client, run: [sh, -c, "sleep 2; \(ask)"]}
                  - {name: pause, on: client, run: [sh, -c, "sleep 4; \(ask)"]}
                  - {name: dead, on: client, run: [sh, -c, "sleep 7; \(ask)"]}
                faults:
                  - {at: 1500ms, cut: client-server, for: 2s}
                  - {at: 4s, pause: web, for: 2s}
                  - {at: 6500ms, process-kill: web}
                """
        let logs = try written(text, by: ["late", "cut", "pause", "dead"])
        func seconds(_ name: String) -> Double {
            Double(logs[name]?.split(separator: " ").last?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? -1
        }
        // A handshake and an answer over 20 ms each way are 80 ms.
        #expect(logs["late"]?.hasPrefix("200 ") == true && (0.08..<1).contains(seconds("late")), "\(logs)")
        #expect(logs["cut"]?.hasPrefix("200 ") == true && (0.9..<4).contains(seconds("cut")), "\(logs)")
        #expect(logs["pause"]?.hasPrefix("200 ") == true && (1..<3).contains(seconds("pause")), "\(logs)")
        #expect(logs["dead"]?.contains("Failed to connect") == true, "\(logs)")
    }

    /// Programs that the labs of programs run.
    private static let areInstalled = ["curl", "redis-server", "redis-cli", "iperf3"].allSatisfy {
        (try? Program.run(["-c", "command -v \($0)"], executable: "/bin/sh"))?.status == 0
    }

    @Test(
        "The labs of real programs hold: a web server, a cache, a line's throughput, an idle connection",
        .enabled(if: areInstalled, "curl, redis and iperf3 are to be installed"))
    func labsOfPrograms() throws {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        var failed = ["web", "cache", "throughput", "idle-client"]
        // A run whose wire was late says nothing.
        for _ in 0..<2 where !failed.isEmpty {
            let runs = failed.map { ($0, Program.temporaryFile()) }
            let children = try runs.map { lab, output in
                try Child(
                    [Program.path, "run", lab, "--on", "linux"],
                    environment: Program.variables(["XDG_STATE_HOME": home.path]), in: Program.root,
                    output: output.path)
            }
            failed = []
            for ((lab, output), child) in zip(runs, children) {
                defer { try? FileManager.default.removeItem(at: output) }
                if child.wait().status != 0 {
                    failed.append(lab)
                    print((try? String(contentsOf: output, encoding: .utf8)) ?? "")
                }
            }
        }
        #expect(failed.isEmpty)
        func log(_ path: String) throws -> String {
            try String(contentsOf: home.appendingPathComponent("peerlab/programs/\(path).log"), encoding: .utf8)
        }
        // What each client says is what the fault does.
        let get = try log("web/get")
        #expect(get.contains("Operation timed out") && get.contains("Connection reset by peer"), "\(get)")
        #expect(try log("cache/visits").contains("Connection reset by peer"))
        #expect(try log("idle-client/idle").contains("TimeoutError"))
        #expect(try log("idle-client/told").contains("ConnectionResetError"))
    }

    @Test(
        "A bad entry is told with its place",
        arguments: [
            ("{name: web, on: server}", "a program needs 'run'"),
            ("{name: web, run: [true]}", "a program needs 'on'"),
            ("{name: web, on: srever, run: [true]}", "did you mean 'server'?"),
            ("{name: web, on: server, run: []}", "'run' must be a command"),
            ("{name: web, on: server, run: true}", "'run' must be a list"),
            ("{name: web, on: server, run: [true], ready: 80}", "'ready' must be as in \"port 6379\""),
            ("{name: web, on: server, run: [true], ready: \"port 99999\"}", "out of range"),
            ("{name: web, on: server, run: [true], raedy: \"port 80\"}", "did you mean 'ready'?"),
        ])
    func entries(_ entry: String, _ words: String) throws {
        let file = try lab(Self.pair + "programs:\n  - \(entry)\n")
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try Program.run(["check", file.path])
        #expect(result.ended(with: 2) && result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.contains("\(file.lastPathComponent):7:"), "\(result.errors)")
    }

    @Test("In the simulation programs do not run, and it is said")
    func simulated() throws {
        let file = try lab(Self.pair + "programs:\n  - {name: web, on: server, run: [sleep, \"9\"]}\n")
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try Program.run(["run", file.path])
        #expect(result.ended(with: 0) && result.output.contains("unavailable  on sim: programs"), "\(result)")
    }

    @Test("Real segments stand in the trace, and the wire's lateness in the report")
    func tells() throws {
        let trace = Program.temporaryFile("json")
        defer { try? FileManager.default.removeItem(at: trace) }
        let result = try Program.run(
            ["run", "hello", "--on", "linux", "--until", "1s", "--format", "json", "--trace", trace.path])
        #expect(result.ended(with: 0), "\(result)")
        #expect(result.output.contains("\"wire_late_ns\"") && result.output.contains("\"linux\""))
        let lines = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
        #expect(lines.contains { $0.contains("\"SYN\"") && $0.contains("client→server") })
        #expect(lines.count { $0.contains("\"what\":\"arrived\"") } > 20)
    }

    @Test("calibrate gives link blocks that a lab takes")
    func calibrates() throws {
        let result = try Program.run(["calibrate"])
        #expect(result.ended(with: 0), "\(result)")
        let blocks = result.output.components(separatedBy: "links:\n").dropFirst()
        #expect(blocks.count == 2)
        for block in blocks {
            let link = block.split(separator: "\n")[0]
            let file = try lab("lab: mine\nhosts: [a, b]\nlinks:\n\(link)\n")
            defer { try? FileManager.default.removeItem(at: file) }
            #expect(try Program.run(["check", file.path]).ended(with: 0))
        }
    }

    /// Labs that ship of which nothing is missing on Linux, and which last no longer than is waited for.
    private static let compared = [
        "black-hole", "cut", "exactly-once", "fast-retransmit", "half-open", "hello", "incast", "nagle", "publish",
        "sack",
    ]

    @Test("Three runs of each lab agree with its simulation")
    func agree() throws {
        let runs = Self.compared.flatMap { Array(repeating: $0, count: 3) }
        // Half of them at a time: all together would make each other late.
        for part in [runs.prefix(runs.count / 2), runs.suffix(runs.count - runs.count / 2)] {
            let running = try part.map { lab in
                let output = Program.temporaryFile()
                let child = try Child(
                    [Program.released("peerlab"), "compare", lab, "--on", "linux"], environment: Program.variables(),
                    in: Program.root, output: output.path)
                return (lab, output, child)
            }
            for (lab, output, child) in running {
                let end = child.wait()
                let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
                try? FileManager.default.removeItem(at: output)
                #expect(end.status == 0 && text.contains("1 of 1 real run agrees"), "\(lab): \(text)")
            }
        }
    }

    @Test("Simulated and real peers go through the same")
    func compares() throws {
        let result = try Program.run(["compare", "incast", "--on", "linux", "--format", "json"])
        #expect(result.ended(with: 0), "\(result)")
        #expect(result.output.contains("\"wire_late_ns\":{") && result.output.contains("\"agreed\":1"))
    }
}
