import SimNetwork

/// The search for the least that fails in the same way: causes, peers, hosts, time, and again.
struct ShrinkSearch {
    let trials: ShrinkTrials
    /// The least so far: it fails in the same way.
    private(set) var least: ShrinkCandidate
    private let failure: RunFailure
    private let reports: (Shrinker.Progress) -> Void

    init(
        _ trials: ShrinkTrials, _ whole: ShrinkCandidate, _ failure: RunFailure,
        _ reports: @escaping (Shrinker.Progress) -> Void
    ) {
        (self.trials, least, self.failure, self.reports) = (trials, whole, failure, reports)
    }

    /// The causes of the scenario.
    var causes: [ShrinkCause] { trials.scenario.causes }

    /// Whether all was tried.
    var isWhole: Bool { !trials.isSpent }

    mutating func run() {
        begin("the expectations")
        leaveOutExpectations()
        endAtFailure()
        begin("the causes")
        time()
        leaveOutCauses()
        begin("the draws")
        open()
        begin("the peers")
        leaveOutPeers()
        begin("the hosts")
        leaveOutHosts()
        begin("the time")
        shorten()
        begin("the causes")
        leaveOutCausesAgain()
        trials.reports = {}
    }

    private func begin(_ phase: String) {
        let (reports, trials, causes) = (reports, trials, least.kept.count)
        func report() { reports(Shrinker.Progress(phase: phase, runs: trials.runs, causes: causes)) }
        trials.reports = report
        report()
    }

    /// Goes on with a candidate if it fails in the same way.
    @discardableResult
    private mutating func take(_ change: (inout ShrinkCandidate) -> Void) -> Bool {
        var candidate = least
        change(&candidate)
        guard candidate != least, trials.fails(candidate) else { return false }
        least = candidate
        return true
    }

    // MARK: Causes

    private mutating func leaveOutCauses() {
        let own = least.kept.filter { causes[$0].isOfLab }
        let others = least.kept.filter { !causes[$0].isOfLab }
        var quiet = least
        quiet.kept = own
        guard trials.fails(quiet) else {
            // The lab's own faults belong to what it shows, and its failure to what is drawn or done.
            trials.undisturbed = Set(own)
            minimise(others, beside: own)
            minimise(own, beside: least.kept.filter { !causes[$0].isOfLab })
            return
        }
        least = quiet
        quiet.kept = []
        guard !own.isEmpty, !trials.fails(quiet) else {
            least = quiet
            return
        }
        trials.undisturbed = []
        minimise(own, beside: [])
    }

    /// Leaves out of some causes what it can, with others all kept.
    private mutating func minimise(_ causes: [Int], beside others: [Int]) {
        let start = least
        func candidate(_ kept: [Int]) -> ShrinkCandidate {
            var candidate = start
            candidate.kept = (kept + others).sorted()
            return candidate
        }
        let kept = DeltaDebugging.minimum(of: causes) { trials.first($0.map(candidate)) }
        least = candidate(kept)
    }

    private mutating func leaveOutCausesAgain() {
        let own = least.kept.filter { causes[$0].isOfLab }
        let others = least.kept.filter { !causes[$0].isOfLab }
        minimise(others, beside: own)
        minimise(own, beside: least.kept.filter { !causes[$0].isOfLab })
    }

    // MARK: The rest of the lab

    private mutating func leaveOutExpectations() {
        let signature = failure.signature
        take { candidate in
            candidate.shape.leavesOthersOut = true
            candidate.shape.expectation = signature.kind == .expectation ? signature.what : nil
        }
    }

    private mutating func leaveOutPeers() {
        guard let lab = trials.lab(of: least) else { return }
        let (names, start) = (lab.peers.map(\.name), least)
        func candidate(_ kept: [String]) -> ShrinkCandidate {
            var candidate = start
            candidate.shape.withoutPeers = Set(names).subtracting(kept)
            return candidate
        }
        least = candidate(DeltaDebugging.minimum(of: names) { trials.first($0.map(candidate)) })
    }

    private mutating func leaveOutHosts() {
        guard let lab = trials.lab(of: least) else { return }
        let (names, start) = (lab.topology.hosts.map(\.name), least)
        func candidate(_ kept: [String]) -> ShrinkCandidate {
            var candidate = start
            candidate.shape.withoutHosts = Set(names).subtracting(kept)
            return candidate
        }
        least = candidate(DeltaDebugging.minimum(of: names) { trials.first($0.map(candidate)) })
    }

    // MARK: Time

    /// Ends when the failure is known.
    private mutating func endAtFailure() {
        guard let time = trials.failure(of: least)?.time else { return }
        let millisecond: Int64 = 1_000_000
        let end = max((time + millisecond - 1) / millisecond * millisecond, millisecond)
        guard end < least.shape.duration else { return }
        take { $0.shape.duration = end }
    }

    /// Where the end of the lab is what decides, tries earlier ends.
    private mutating func shorten() {
        endAtFailure()
        // What fails without any cause fails the sooner the shorter it is.
        guard trials.undisturbed != nil else { return }
        let step: Int64 = 100_000_000
        let last = least.kept.compactMap { causes[$0].scheduled?.time }.max() ?? 0
        var low = last / step
        while least.shape.duration / step - low > 1 {
            let middle = (low + least.shape.duration / step) / 2
            if !take({ $0.shape.duration = middle * step }) { low = middle }
            guard !trials.isSpent else { return }
        }
        endAtFailure()
    }

    // MARK: Draws

    /// Makes draws fire by their times where that comes to the same: then no draw hangs on another.
    private mutating func time() {
        func places(where isWanted: (DrawSite) -> Bool = { _ in true }) -> [Int] {
            causes.indices.filter { place in
                if case .draw(let fired) = causes[place] { fired.canBeTimed && isWanted(fired.site) } else { false }
            }
        }
        let all = places()
        guard !all.isEmpty, !take({ $0.timed = Set(all) }) else { return }
        for site in trials.scenario.closed {
            let own = places { $0 == site }
            if !own.isEmpty { take { $0.timed.formUnion(own) } }
        }
    }

    /// Takes away what draws where nothing that is drawn is a cause.
    private mutating func open() {
        let sites = trials.scenario.closed
        if take({ $0.opened = Set(sites) }) { return }
        for site in sites { take { $0.opened.insert(site) } }
    }
}

extension ScheduledAction {
    /// When it is done, where that is told as a time.
    fileprivate var time: Int64? { if case .at(let time) = trigger { time } else { nil } }
}
