import ArgumentParser
import Foundation
import Glibc
import Lab
import LinuxNetwork
import SimNetwork

/// `peerlab doctor`: says what this machine can do, and which setting forbids the rest; and whether a lab's peers repeat.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine can do, and whether a lab repeats.",
        discussion: """
            Looks for a terminal, and whether the kernel's TCP can be asked in a network namespace of its own. With a lab \
            it is run twice in the simulation: peers that read a clock, sleep or draw on their own make the two differ. \
            Ends with 1 where they do.

            Example: peerlab doctor hello
            """)

    @Argument(help: "A lab: a file or a name.") var lab: String?

    func run() throws {
        for finding in Self.machine { Output.result(finding.text) }
        guard let lab else { return }
        let definition = try LabLibrary.standard().load(lab, workloads: KnownWorkloads.all)
        guard let event = try Self.firstDifference(of: definition) else {
            return Output.result(Finding(true, "lab", "\(definition.name) repeats: two runs have one digest").text)
        }
        Output.result(
            Finding(false, "lab", "\(definition.name) does not repeat: two runs differ first at event \(event)").text)
        throw ExitCode(ExitStatus.failed.rawValue)
    }

    /// Something that was looked at.
    struct Finding: Hashable {
        let isGood: Bool
        let what: String
        let told: String

        init(_ isGood: Bool, _ what: String, _ told: String) {
            (self.isGood, self.what, self.told) = (isGood, what, told)
        }

        var text: String {
            let space = String(repeating: " ", count: max(1, 12 - what.count))
            return "\(isGood ? "ok" : "no")  \(what)\(space)\(Printable.line(told))"
        }
    }

    // MARK: The machine

    static var machine: [Finding] { [terminal, namespaces, device, kernel, hosts, descriptors] }

    private static var terminal: Finding {
        guard ScreenRun.hasTerminal else {
            return Finding(
                false, "terminal", "none on standard input and output: labs run without a screen (peerlab run)")
        }
        var size = winsize()
        _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        let name = ProcessInfo.processInfo.environment["TERM"] ?? ""
        let told = "\(size.ws_col)×\(size.ws_row), TERM=\(name)"
        return size.ws_col < 60 || size.ws_row < 16
            ? Finding(false, "terminal", "\(told): the screen needs 60×16") : Finding(true, "terminal", told)
    }

    /// Settings that forbid namespaces to a user, and what they are then.
    private static let settings: [(path: String, forbids: String)] = [
        ("/proc/sys/user/max_user_namespaces", "0"), ("/proc/sys/user/max_net_namespaces", "0"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0"),
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
    ]

    private static var namespaces: Finding {
        guard let obstacle = KernelDrill.obstacle else {
            return Finding(true, "namespaces", "the kernel's TCP can be asked (peerlab drill --on linux)")
        }
        let forbidding = settings.filter { setting in
            let value = (try? String(contentsOfFile: setting.path, encoding: .utf8)) ?? ""
            return value.trimmingCharacters(in: .whitespacesAndNewlines) == setting.forbids
        }
        let named = forbidding.map { "\($0.path) is \($0.forbids)" }.joined(separator: ", ")
        return Finding(false, "namespaces", obstacle + (named.isEmpty ? "" : "; \(named)"))
    }

    private static var device: Finding {
        let path = "/dev/net/tun"
        if access(path, R_OK | W_OK) == 0 { return Finding(true, "TUN", "\(path) can be opened") }
        let told = "\(path) cannot be opened (\(String(cString: strerror(errno)))): "
        guard case .success(.veth) = HostNamespace.probe else {
            return Finding(false, "TUN", told + "scripts run on the simulated stack alone")
        }
        return Finding(false, "TUN", told + "scripts and hosts have a pair of devices each (veth) instead")
    }

    private static var kernel: Finding {
        let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? "unknown"
        let path = "/proc/sys/net/ipv4/tcp_available_congestion_control"
        let algorithms = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let known = algorithms.split(whereSeparator: \.isWhitespace).map(String.init)
        let told = "Linux \(release.trimmingCharacters(in: .whitespacesAndNewlines)), congestion control: "
        let missing = ["cubic", "reno"].filter { !known.contains($0) }
        return missing.isEmpty
            ? Finding(true, "kernel", told + known.joined(separator: ", "))
            : Finding(false, "kernel", told + "no \(missing.joined(separator: " and no ")) (modprobe tcp_cubic)")
    }

    private static var hosts: Finding {
        let lab = try? LabFile.read(text: "lab: two\nhosts: [a, b]\nlinks: [{between: [a, b]}]", name: "two.yaml")
        guard let lab, let obstacle = ProviderKind.linux.obstacle(to: lab) else {
            return Finding(true, "hosts", "labs run with the kernel's own TCP (peerlab run LAB --on linux)")
        }
        return Finding(false, "hosts", obstacle)
    }

    private static var descriptors: Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return Finding(false, "open files", "their limit is not told")
        }
        let told = "\(limit.rlim_max) may be open (ulimit -Hn)"
        return limit.rlim_max < 1_024
            ? Finding(false, "open files", "\(told): labs with hundreds of connections need more on real sockets")
            : Finding(true, "open files", told)
    }

    // MARK: A lab

    /// The event at which two runs of a lab differ first; nil where they do not.
    private static func firstDifference(of lab: LabDefinition) throws -> Int? {
        let sessions = [ProviderKind.sim, .sim].map { $0.open(lab, memory: .standard) }
        defer { for session in sessions { session.close() } }
        for session in sessions {
            while !Interruption.wanted, try !session.seek(to: .time(lab.duration), budget: 5_000) {}
        }
        let (first, second) = (sessions[0].snapshot, sessions[1].snapshot)
        guard first.digest != second.digest else { return nil }
        let events = min(first.event, second.event)
        return (1...max(1, events)).first { number in
            number > events || first.records[event: number] != second.records[event: number]
        } ?? events + 1
    }
}
