import Drill
import Foundation
import LinuxNetwork
import PeerNetworking
import SimNetwork
import TCP

/// The life of a connection as a packetdrill script: what came to the end that opened it, and what a stack sends in answer.
///
/// The answers are those of the stack under a script, which acknowledges before the application runs, where a lab's host does after
/// it: so the script holds, and has some acknowledgements more than the run.
final class PacketdrillExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private var inputs: ScriptInputs

    init(_ scope: ExportScope) {
        self.scope = scope
        inputs = ScriptInputs(scope.connection ?? ConnectionID(1), scope.lab)
    }

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) { inputs.take(record) }

    func finish() throws(SessionError) {
        guard scope.times == 0...Int64.max else {
            throw SessionError("a script is of a connection's whole life: leave --from and the time of --to out")
        }
        guard let client = inputs.client, let server = inputs.server else {
            throw SessionError("there is no connection to make a script of: the run has none")
        }
        let (beginning, opening) = beginning(client, server)
        let bare = inputs.lines.map { "\(Self.seconds($0.time)) \($0.text)" }
        // What the stack sends is seen first, with nothing asked of it but the SYN, by which numbers are told.
        let steps = DrillSteps.simulated(try read((beginning + opening + bare).joined(separator: "\n")))
        guard steps.verdict == .holds else { throw problem(steps.verdict) }
        let sent = steps.state(after: .max).log.filter { $0.kind == .unasked }
        var lines: [ScriptInputs.Line] = inputs.lines
        lines += sent.map { ScriptInputs.Line(time: $0.at, text: expected($0)) }
        // At one time what comes goes before what is answered: a sort that keeps the order of equals.
        let ordered = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        let whole = ordered.map { "\(Self.seconds($0.element.time)) \($0.element.text)" }
        let text = (beginning + opening + whole).joined(separator: "\n") + "\n"
        let verdict = Drill.simulated(try read(text)).verdict
        guard verdict == .holds else { throw problem(verdict) }
        write(text)
    }

    private func read(_ text: String) throws(SessionError) -> Script {
        do throws(ScriptProblem) {
            return try ScriptReader.read(text, name: "\(inputs.connection)")
        } catch {
            throw SessionError("\(inputs.connection) makes no script: \(error.message)")
        }
    }

    private func problem(_ verdict: Verdict) -> SessionError {
        let why =
            switch verdict {
            case .fails(let line, let expected, let seen): "line \(line): expected \(expected), seen \(seen)"
            case .unsupported(_, let why), .notJudged(let why): why
            case .holds: ""
            }
        return SessionError("\(inputs.connection) makes no script that holds: \(why)")
    }

    /// What the script says of itself and of the machine; and how the connection is opened.
    private func beginning(_ client: HostID, _ server: HostID) -> (remarks: [String], opening: [String]) {
        let hosts = scope.lab.topology.hosts
        let (own, other) = (hosts[Int(client.index)], hosts[Int(server.index)])
        var remarks = [
            "// \(inputs.connection) of \(Printable.line(scope.lab.name)), seed \(scope.seed): \(own.name) speaks to \(other.name).",
            "// What came to \(own.name), and what a stack answers; the run itself sent some acknowledgements with its data.",
        ]
        // A write is taken whole: how much a buffer has room for hangs on what came before.
        remarks.append("`sysctl -q net.ipv4.tcp_wmem=\"4096 4194304 4194304\"`")
        let usual = KernelSettings.settings(of: TCPOptions())
        for setting in KernelSettings.settings(of: own.tcp)
        where !usual.contains(where: { $0 == setting })
            && setting.name != "net.ipv4.tcp_wmem"
        {
            remarks.append("`sysctl -q \(setting.name)=\"\(setting.value)\"`")
        }
        var opening = [
            "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3", "0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0",
        ]
        if own.tcp.isReceiveBufferFixed {
            opening.append("0 setsockopt(3, SOL_SOCKET, SO_RCVBUF, [\(own.tcp.receiveBuffer)], 4) = 0")
        }
        if own.tcp.noDelay { opening.append("0 setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0") }
        if own.tcp.congestionControl == .reno {
            opening.append("0 setsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", 4) = 0")
        }
        opening.append("0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)")
        let mark = own.tcp.ecn == .always ? "EW" : ""
        opening.append("0 > S\(mark) 0:0(0) <\(inputs.offered)>")
        return (remarks, opening)
    }

    /// A segment as the script asks for it: without its window, with the time on its clock, so that echoes are told from it.
    private func expected(_ entry: DrillSteps.Entry) -> String {
        let parts = entry.text.split(separator: "<", maxSplits: 1)
        var words = parts[0].split(separator: " ").map(String.init)
        if let place = words.firstIndex(of: "win") { words.removeSubrange(place...place + 1) }
        var options: [String] = []
        if inputs.isTimed, words.first?.contains("R") == false {
            options.append("TS val \(ScriptInputs.clock + entry.at / 1_000_000)")
        }
        if parts.count > 1 { options.append(String(parts[1].prefix { $0 != ">" })) }
        return
            (["> "] + [words.joined(separator: " ")]
            + (options.isEmpty ? [] : [" <\(options.joined(separator: ","))>"]))
            .joined()
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
    }
}
