import Foundation
import Lab

/// The work of a sweep: which seeds are run next, and what becomes of what they come to.
///
/// Seeds are run in any order and taken in in theirs, so that a sweep says the same however many processes it has.
actor SweepOrders: WorkerOrders {
    /// When a sweep ends before its seeds do.
    enum Goal: Sendable {
        case allSeeds
        /// When no seed of so many reached a new cell.
        case covered
        /// When a seed reached the cell that is looked for.
        case found
    }

    private enum Work {
        case seeds([UInt64])
        case recording(seed: UInt64, FailureSignature, path: String)
    }

    private let plan: SweepPlan
    private(set) var tally: SweepTally
    /// What is to be done before further seeds are begun.
    private var urgent: [Work] = []
    private var underWay: [Int: Work] = [:]
    private var batches = 0
    /// The places of the next seed that is run, and of the next one that is taken in.
    private var nextRun: UInt64 = 0
    private var nextTaken: UInt64 = 0
    /// What has come before its turn, by its seed.
    private var early: [UInt64: SeedResult] = [:]
    var waiting = WaitingWorkers()
    private var isStopped = false
    private var runAgain: Set<UInt64> = []
    /// Processes that were killed from outside over a seed, which was then run again.
    private(set) var killed = 0
    private var log: SweepLog?
    private var pace = SweepPace()
    private let progress = ProgressLine()
    /// What kept something from being written.
    private(set) var problems: [String] = []

    init(_ plan: SweepPlan, _ tally: SweepTally) { (self.plan, self.tally) = (plan, tally) }

    /// Goes on behind what came of the first seeds, and writes down all that comes.
    ///
    /// - Throws: why that cannot be written.
    func begin(knowing known: [SeedResult]) throws(UnwritableFile) {
        let log = try plan.logPath.map { path throws(UnwritableFile) in try SweepLog(path, tally, knowing: known) }
        for result in known where !isStopped { takeInOrder(result) }
        nextRun = nextTaken
        self.log = log
    }

    // MARK: Giving out

    var isDone: Bool { isStopped || (underWay.isEmpty && urgent.isEmpty && nextRun >= plan.count) }

    func batch() -> WorkerBatch? {
        if isStopped { return nil }
        let work: Work
        if !urgent.isEmpty {
            work = urgent.removeFirst()
        } else if nextRun < plan.count {
            let places = nextRun..<min(plan.count, nextRun + pace.batch)
            nextRun = places.upperBound
            work = .seeds(places.map(plan.seed))
        } else {
            return nil
        }
        batches += 1
        underWay[batches] = work
        switch work {
        case .seeds(let seeds):
            return WorkerBatch(
                line: SeedWork.line(SeedWork.Order.run(seeds: seeds)), answers: seeds.count, number: batches)
        case .recording(let seed, _, let path):
            return WorkerBatch(
                line: SeedWork.line(SeedWork.Order.record(seed: seed, path: path)), answers: 1, number: batches)
        }
    }

    /// Gives nothing out any more.
    func stop() {
        isStopped = true
        progress.end()
        goOn()
    }

    // MARK: Taking in

    func take(_ line: String, of batch: WorkerBatch, _ place: Int) {
        switch SeedWork.read(SeedWork.Answer.self, Data(line.utf8)) {
        case .result(let result): take(result)
        case .recorded(let problem):
            if case .recording(_, let signature, let path)? = underWay[batch.number] {
                recorded(signature, path, problem)
            }
        case .future, nil: problems.append("a process said what nobody understands: \(line)")
        }
        if place + 1 == batch.answers { underWay[batch.number] = nil }
        goOn()
    }

    func lost(_ batch: WorkerBatch, answered: Int, by death: WorkerDeath) {
        switch underWay.removeValue(forKey: batch.number) {
        case .seeds(let seeds):
            let seed = seeds[answered]
            var rest = Array(seeds[(answered + 1)...])
            if death.isFromOutside, runAgain.insert(seed).inserted {
                killed += 1
                rest.insert(seed, at: 0)
            } else {
                take(SeedResult(crashed: seed, death))
            }
            if !rest.isEmpty { urgent.append(.seeds(rest)) }
        case .recording(_, let signature, let path): recorded(signature, path, nil)
        case nil: break
        }
        goOn()
    }

    private func recorded(_ signature: FailureSignature, _ path: String, _ problem: String?) {
        if let problem { problems.append(problem) } else { tally.recorded(signature, at: path) }
    }

    private func take(_ result: SeedResult) {
        pace.count()
        early[result.seed] = result
        while !isStopped, nextTaken < plan.count, let next = early.removeValue(forKey: plan.seed(nextTaken)) {
            takeInOrder(next)
        }
        let (seeds, ways, rate) = (tally.seeds, tally.ways, pace.rate)
        progress.show(plan.progress(seeds, ways: ways, rate))
    }

    private func takeInOrder(_ result: SeedResult) {
        nextTaken += 1
        write(result)
        if tally.take(result), let keep = plan.keep, let failure = result.failure {
            let path = "\(keep)/\(plan.lab.name)-\(result.seed)\(RecordingName.ending)"
            urgent.append(.recording(seed: result.seed, failure.signature, path: path))
        }
        switch plan.goal {
        case .allSeeds: break
        case .covered: isStopped = tally.sinceNewCell >= SweepTally.patience
        case .found: isStopped = tally.hasFound
        }
    }

    private func write(_ result: SeedResult) {
        guard let log else { return }
        do throws(UnwritableFile) {
            try log.append(result)
        } catch {
            // What is on disk by then is whole; nothing is written behind a gap.
            self.log = nil
            problems.append("\(plan.logPath ?? ""): it could not be written to its end: \(error.reason)")
        }
    }

    /// The sweep is over: takes the line away that told how far it was.
    func finish() { progress.end() }
}

/// How fast seeds are run, and how many a worker is given at once.
private struct SweepPace {
    private let begin = ContinuousClock.now
    private var done = 0

    mutating func count() { done += 1 }

    /// Seeds a second.
    var rate: Double {
        let seconds = begin.duration(to: .now) / .seconds(1)
        return seconds > 0 ? Double(done) / seconds : 0
    }

    /// Some tenths of a second's work: what is told at once costs nothing then, and the last to be done is not long behind
    /// the others.
    var batch: UInt64 { UInt64(min(64, max(1, rate / 20))) }
}

extension SeedResult {
    /// What is known of a seed over which a worker died.
    fileprivate init(crashed seed: UInt64, _ death: WorkerDeath) {
        func behind(_ lead: String) -> Substring? {
            death.words.lazy.compactMap { line in
                line.range(of: lead).map { line[$0.upperBound...] }
            }.first
        }
        let event = behind("in event ").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
        if death.isOfTime {
            self.init(
                crashed: seed, FailureSignature(.hang, "it gave no answer"), event: event,
                text: "it did not come to its end in the time that a seed has")
            return
        }
        let words = behind("error: ").map(String.init) ?? death.words.first ?? death.status
        let ran = behind("it ran ").map { $0.split(separator: ",").first.map(String.init) ?? String($0) }
        self.init(
            crashed: seed, FailureSignature(.trap, words, who: ran.map(FailureSignature.group(of:))), event: event,
            text: "\(words) (\(death.status))")
    }
}
