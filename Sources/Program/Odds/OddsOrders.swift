import Foundation
import Lab

/// The work of `odds`: which futures are run next, and what becomes of what they come to.
actor OddsOrders: WorkerOrders {
    private struct Work {
        var event: Int
        var seeds: [Int64]
    }

    private(set) var plan: OddsPlan
    private let seeds: [Int64]
    private var todo: [Work] = []
    private var underWay: [Int: Work] = [:]
    private var batches = 0
    private var waiting: [CheckedContinuation<WorkerBatch?, Never>] = []
    private var isStopped = false
    private let progress = ProgressLine()
    private var runs = 0
    /// What went wrong.
    private(set) var problem: String?

    /// Futures that one process is given at once.
    private static let batch = 5

    /// - Parameter seed: of the run: its own future is none of those that are asked.
    init(_ plan: OddsPlan, seed: UInt64) {
        self.plan = plan
        seeds = (1...Int64(plan.futures) + 1).filter { UInt64($0) != seed }.prefix(plan.futures).map(\.self)
    }

    /// Begins with the moments all along the run.
    func begin() { for moment in plan.moments { add(moment.event) } }

    private func add(_ event: Int) {
        for start in stride(from: 0, to: seeds.count, by: Self.batch) {
            todo.append(Work(event: event, seeds: Array(seeds[start..<min(seeds.count, start + Self.batch)])))
        }
    }

    func next() async -> WorkerBatch? {
        if let batch = batch() { return batch }
        guard !isDone else { return nil }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private var isDone: Bool { isStopped || todo.isEmpty && underWay.isEmpty }

    private func batch() -> WorkerBatch? {
        guard !isStopped, !todo.isEmpty else { return nil }
        let work = todo.removeFirst()
        batches += 1
        underWay[batches] = work
        return WorkerBatch(
            line: SeedWork.line(SeedWork.Order.futures(event: work.event, seeds: work.seeds)),
            answers: work.seeds.count, number: batches)
    }

    func take(_ line: String, of batch: WorkerBatch, _ place: Int) {
        guard let work = underWay[batch.number],
            case .future(let outcome)? = SeedWork.read(
                SeedWork.Answer.self, Data(line.utf8))
        else {
            problem = "a process said what nobody understands: \(line)"
            return stop()
        }
        plan.take(outcome, at: work.event)
        runs += 1
        progress.show("\(runs) futures of \(NumberText.count(plan.moments.count, "moment"))")
        if place + 1 == batch.answers { end(of: batch) }
    }

    private func end(of batch: WorkerBatch) {
        underWay[batch.number] = nil
        if todo.isEmpty, underWay.isEmpty, let event = plan.refine() { add(event) }
        goOn()
    }

    func lost(_ batch: WorkerBatch, answered: Int, by death: WorkerDeath) {
        guard let work = underWay[batch.number] else { return }
        // A future that takes its process down is a failure of another kind.
        plan.take(.failedOtherwise, at: work.event)
        let rest = Array(work.seeds[(answered + 1)...])
        if !rest.isEmpty { todo.insert(Work(event: work.event, seeds: rest), at: 0) }
        end(of: batch)
    }

    private func goOn() {
        while !waiting.isEmpty {
            let batch = batch()
            guard batch != nil || isDone else { return }
            waiting.removeFirst().resume(returning: batch)
        }
    }

    func stop() {
        isStopped = true
        progress.end()
        goOn()
    }

    func finish() { progress.end() }
}
