import Foundation
import Lab

/// The work of `odds`: which futures are run next, and what becomes of what they come to.
actor OddsOrders: WorkerOrders {
    private struct Work {
        var event: Int
        var seeds: [Int64]
    }

    private struct Future: Hashable {
        var event: Int
        var seed: Int64
    }

    private(set) var plan: OddsPlan
    private let seeds: [Int64]
    private var pending: [Work] = []
    private var underWay: [Int: Work] = [:]
    private var batches = 0
    var waiting = WaitingWorkers()
    private var isStopped = false
    /// Futures whose process was killed by nothing that they did: each is run once more.
    private var runAgain: Set<Future> = []
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
            pending.append(Work(event: event, seeds: Array(seeds[start..<min(seeds.count, start + Self.batch)])))
        }
    }

    var isDone: Bool { isStopped || pending.isEmpty && underWay.isEmpty }

    func batch() -> WorkerBatch? {
        guard !isStopped, !pending.isEmpty else { return nil }
        let work = pending.removeFirst()
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
        if pending.isEmpty, underWay.isEmpty, let event = plan.refine() { add(event) }
        goOn()
    }

    func lost(_ batch: WorkerBatch, answered: Int, by death: WorkerDeath) {
        guard let work = underWay[batch.number] else { return }
        let future = Future(event: work.event, seed: work.seeds[answered])
        var rest = Array(work.seeds[(answered + 1)...])
        if death.isFromOutside, runAgain.insert(future).inserted {
            rest.insert(future.seed, at: 0)
        } else {
            // A future that takes its process down is a failure of another kind.
            plan.take(.failedOtherwise, at: work.event)
        }
        if !rest.isEmpty { pending.insert(Work(event: work.event, seeds: rest), at: 0) }
        end(of: batch)
    }

    func stop() {
        isStopped = true
        progress.end()
        goOn()
    }

    func finish() { progress.end() }
}
