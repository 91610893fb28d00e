import Foundation
import Testing

/// What the command line answers before anything runs: its help, its errors, and where each of them goes.
@Suite struct CommandLineTests {
    @Test(
        "What cannot be used is 2, on standard error, with a way on",
        arguments: [
            (["run", "helo"], "did you mean 'hello'?"),
            (["run", "nothing-like-it"], "; peerlab labs lists all"),
            (["run", "hello", "--sed", "7"], "--seed"),
            (["chekc", "hello"], "there is no command and no lab 'chekc'; did you mean 'check'?"),
            (["repaly", "x.peerlab"], "did you mean 'replay'?"),
            (["helo"], "did you mean 'hello'?"),
            (["hello", "--break", "ping is conected"], "peerlab run hello"),
            (["run", "hello", "--seed", "seven"], "seed"),
            (["run", "hello", "--seed", "-1"], "a seed is a number from 0 to"),
            (["hello", "--at", "-1s"], "a duration is 0 or more"),
            (["run", "hello", "--until", "-1s"], "a duration is 0 or more"),
            (["run", "hello", "--until", "99h"], "99h is written '5940m'"),
            (["run", "hello", "--events", "-1"], "from 1"),
            (["run", "hello", "--seed", "0x1g"], "seed"),
            (["run", "hello", "--seed", "18446744073709551616"], "seed"),
            (["run", "hello", "--until", "5"], "for example 10s"),
            (["run", "hello", "--events", "0"], "from 1"),
            (["run", "hello", "--on", "both"], "loopback"),
            (["run", "hello", "--on", "moon"], "loopback"),
            (["run", "hello", "--format", "xml"], "json"),
            (["compare", "hello", "--on", "sim"], "a real network"),
            (["compare", "hello", "--runs", "0"], "from 1 to 1000"),
            (["run"], "lab"),
            (["check"], "labs"),
            (["hello", "--at", "12"], "at"),
            (["hello"], "peerlab run hello"),
            (["hello", "--on", "both"], "peerlab run hello"),
            (["replay", "no-such-file.peerlab"], "no-such-file.peerlab"),
            (["run", "hello", "--script", "no-such-file"], "no-such-file"),
            (["run", "hello", "--trace", "/no/such/directory/x"], "/no/such/directory/x"),
            (["run", "hello", "--record", "/no/such/directory/x"], "/no/such/directory/x"),
            (["run", "hello", "--trace", "-"], "--trace takes a file"),
            (["run", "hello", "--metrics", "-"], "--metrics takes a file"),
            (["run", "hello", "--record", "-"], "--record takes a file"),
        ])
    func refuses(_ arguments: [String], _ words: String) throws {
        let result = try Program.run(arguments)
        #expect(result.ended(with: 2), "\(result)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "The help of every command has an example",
        arguments: [
            nil, "open", "run", "replay", "compare", "drill", "exec", "export", "doctor", "calibrate", "check", "labs",
        ])
    func helps(_ command: String?) throws {
        let result = try Program.run((command.map { [$0] } ?? []) + ["--help"])
        #expect(result.ended(with: 0))
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("Example: peerlab "))
    }

    @Test func listsTheLabsWithoutATerminal() throws {
        for arguments in [[], ["labs"]] {
            let result = try Program.run(arguments)
            #expect(result.ended(with: 0))
            #expect(result.output.contains(/half-open +The peer that died without saying goodbye\n/))
            #expect(result.errors.isEmpty)
        }
        let json = try Program.run(["labs", "--format", "json"])
        let labs = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]]
        #expect(labs?.compactMap { $0["name"] }.contains("hello") == true)
    }

    @Test("A shell gets its completions", arguments: ["bash", "zsh", "fish"])
    func completes(_ shell: String) throws {
        let result = try Program.run(["--generate-completion-script", shell])
        #expect(result.ended(with: 0))
        #expect(result.output.contains("peerlab"))
        #expect(result.output.contains("replay"))
    }

    @Test(
        "A reader that has gone ends the program without a word and without a signal",
        arguments: [
            ["run", "hello"], ["run", "hello", "--format", "json"], ["labs"], ["--help"], ["check", "hello"], [],
            ["--generate-completion-script", "bash"],
        ])
    func endsQuietly(_ arguments: [String]) throws {
        let (output, errors) = (Pipe(), Program.temporaryFile())
        defer { try? FileManager.default.removeItem(at: errors) }
        try output.fileHandleForReading.close()
        let child = try Child(
            [Program.path] + arguments, environment: Program.variables(), in: Program.root, errors: errors.path,
            closedPipe: output.fileHandleForWriting.fileDescriptor)
        let end = child.wait()
        #expect(!end.wasSignalled)
        #expect(end.status == 0)
        #expect(try Data(contentsOf: errors).isEmpty)
    }
}
