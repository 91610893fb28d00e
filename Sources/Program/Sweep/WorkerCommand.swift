import ArgumentParser
import Dispatch
import Foundation
import Glibc
import Lab
import Synchronization

/// `peerlab worker`: runs seeds for another process of this program. Not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: WorkerPool.command, abstract: "Run seeds for a sweep.", shouldDisplay: false)

    func run() throws {
        // A terminal's Ctrl-C is for who has started this: that one ends it.
        for number in [SIGINT, SIGHUP, SIGTSTP] { signal(number, SIG_IGN) }
        let orders = OrderReader()
        guard let assignment = orders.next(SeedWork.Assignment.self) else { return }
        let lab = try assignment.lab(KnownWorkloads.all)
        let cell = try assignment.cell.map { try CoverageGrid(lab).cell(named: $0) }
        let futures = try assignment.past?.trial(lab, until: assignment.until)
        let trial = SeedTrial(lab, until: assignment.until, lookingFor: cell)
        while let order = orders.next(SeedWork.Order.self) {
            switch order {
            case .run(let seeds):
                for seed in seeds {
                    say(where: seed, lab)
                    answer(.result(trial.run(seed)))
                }
            case .futures(let event, let seeds):
                for seed in seeds {
                    guard let end = futures?.run(after: event, seed: seed) else { return }
                    answer(.future(end))
                }
            case .record(let seed, let path):
                say(where: seed, lab)
                answer(.recorded(problem: SeedWork.record(lab, seed: seed, until: assignment.until, to: path)))
            }
        }
    }

    private func say(where seed: UInt64, _ lab: LabDefinition) {
        Whereabouts.set(
            lab, seed: seed, on: .sim, command: ["peerlab", lab.name, "--seed", "\(seed)"], eventOption: " --at #")
    }

    private func answer(_ answer: SeedWork.Answer) {
        FileHandle.standardOutput.write(SeedWork.line(answer))
    }
}

/// The lines of standard input, read by a thread of its own: where there are no more, whoever asked is gone or has all that
/// it wanted, and the process ends, whatever it is busy with.
private final class OrderReader: Sendable {
    private let lines = LineQueue()

    init() {
        let lines = lines
        Thread.detachNewThread {
            while let line = readLine() { lines.put(Data(line.utf8)) }
            _exit(0)
        }
    }

    func next<Order: Decodable>(_ type: Order.Type) -> Order? { SeedWork.read(type, lines.take()) }
}

/// Lines between the thread that reads them and the one that does what they say.
private final class LineQueue: Sendable {
    private let lines = Mutex<[Data]>([])
    private let count = DispatchSemaphore(value: 0)

    func put(_ line: Data) {
        lines.withLock { $0.append(line) }
        count.signal()
    }

    /// The next line; waits for it.
    func take() -> Data {
        count.wait()
        return lines.withLock { $0.removeFirst() }
    }
}
