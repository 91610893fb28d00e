import Foundation
import Lab
import Subprocess
import SystemPackage

/// What is to be done by worker processes, and where their answers go.
protocol WorkerOrders: Actor {
    /// The workers that have nothing to do, as long as an answer that is owed may bring more.
    var waiting: WaitingWorkers { get set }
    /// Nothing is left to be done, and nothing is owed.
    var isDone: Bool { get }
    /// What is to be done next, and is owed from then on; nil while there is nothing.
    func batch() -> WorkerBatch?
    /// An answer has come.
    ///
    /// - Parameters:
    ///   - line: the answer.
    ///   - place: which of the batch's answers it is, from 0.
    func take(_ line: String, of batch: WorkerBatch, _ place: Int)
    /// A worker has died over a batch, of which it had given some answers.
    func lost(_ batch: WorkerBatch, answered: Int, by death: WorkerDeath)
    /// Nothing more is to be given out: who waits for work goes.
    func stop()
    /// All is done, or left.
    func finish()
}

/// Workers that wait for work.
typealias WaitingWorkers = [CheckedContinuation<WorkerBatch?, Never>]

extension WorkerOrders {
    /// What is to be done next; nil when nothing is left. Waits as long as an answer that is owed may bring more.
    func next() async -> WorkerBatch? {
        if let batch = batch() { return batch }
        guard !isDone else { return nil }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// Lets those go on who wait for work: it may be there, or none may come any more.
    func goOn() {
        while !waiting.isEmpty {
            let batch = batch()
            guard batch != nil || isDone else { return }
            waiting.removeFirst().resume(returning: batch)
        }
    }
}

/// Work for one process at a time.
struct WorkerBatch: Sendable {
    /// The line that it is told.
    var line: Data
    /// How many lines it answers.
    var answers: Int
    /// Which of all batches it is.
    var number: Int
}

/// How a worker died.
struct WorkerDeath: Sendable {
    /// What it said on standard error, the last of it.
    var words: [String]
    /// It gave no answer in the time that it has for one, and was ended.
    var isOfTime: Bool
    /// The signal or the exit code that it ended with.
    var status: String

    /// Whether it was killed by nothing that it did itself: the system or a user did.
    var isFromOutside: Bool { !isOfTime && words.isEmpty }
}

/// Processes of this program that work for it: what one of them traps or hangs over takes only that one down.
struct WorkerPool: Sendable {
    /// How many there are at once.
    var jobs: Int
    /// How long an answer may take.
    var limit: Duration
    /// What each is told first.
    var opening: Data

    /// The word that makes this program a worker.
    static let command = "worker"

    /// Has all of it done.
    ///
    /// - Throws: where no worker can be started.
    func run(_ orders: some WorkerOrders) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask {
                    while let batch = await orders.next() { try await work(from: batch, orders) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The life of one worker: until nothing is left, or it dies.
    private func work(from first: WorkerBatch, _ orders: some WorkerOrders) async throws {
        let life = WorkerLife(first)
        let end = try await Subprocess.run(
            .path("/proc/self/exe"), arguments: [Self.command], input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardError.strings(bufferingPolicy: .unbounded) {
                        await life.says(line)
                    }
                }
                group.addTask {
                    while await !life.isOver, !Task.isCancelled {
                        if await life.isLate(by: limit) { try? execution.send(signal: .kill) }
                        try? await Task.sleep(for: Self.look)
                    }
                }
                group.addTask {
                    var lines = execution.standardOutput.strings(bufferingPolicy: .unbounded).makeAsyncIterator()
                    // Who dies while it is told something is known by its end.
                    try? await exchange(execution.standardInputWriter, &lines, life, orders)
                    try? await execution.standardInputWriter.finish()
                    await life.ends()
                }
                try await group.waitForAll()
            }
        }
        guard let (batch, answered, death) = await life.death(end.terminationStatus) else { return }
        await orders.lost(batch, answered: answered, by: death)
    }

    private func exchange(
        _ input: StandardInputWriter, _ lines: inout SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator,
        _ life: WorkerLife, _ orders: some WorkerOrders
    ) async throws {
        _ = try await input.write(opening)
        while let batch = await life.begin() {
            _ = try await input.write(batch.line)
            for place in 0..<batch.answers {
                guard let line = try await lines.next() else { return }
                await life.answers()
                await orders.take(line, of: batch, place)
            }
            await life.goOn(with: orders.next())
        }
    }

    /// How often it is looked whether one is late.
    private static let look = Duration.milliseconds(20)
}

/// What is known of a worker while it lives.
private actor WorkerLife {
    private var batch: WorkerBatch?
    private var answered = 0
    /// Since when an answer is owed.
    private var owedSince: ContinuousClock.Instant?
    private var words: [String] = []
    private var wasLate = false
    private(set) var isOver = false

    /// Lines kept of what it says.
    private static let mostWords = 40

    init(_ batch: WorkerBatch) { self.batch = batch }

    func begin() -> WorkerBatch? {
        answered = 0
        owedSince = batch == nil ? nil : .now
        return batch
    }

    func answers() {
        answered += 1
        owedSince = answered == batch?.answers ? nil : .now
    }

    func goOn(with next: WorkerBatch?) { batch = next }

    func says(_ line: String) { words = Array((words + [line]).suffix(Self.mostWords)) }

    func isLate(by limit: Duration) -> Bool {
        guard let owedSince, owedSince.duration(to: .now) > limit else { return false }
        wasLate = true
        return true
    }

    func ends() { isOver = true }

    /// Over what it died; nil where it came to the end of its work.
    func death(_ status: TerminationStatus) -> (WorkerBatch, answered: Int, WorkerDeath)? {
        guard let batch else { return nil }
        return (batch, answered, WorkerDeath(words: words, isOfTime: wasLate, status: status.inWords))
    }
}

extension TerminationStatus {
    fileprivate var inWords: String {
        switch self {
        case .exited(let code): "it ended with \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
