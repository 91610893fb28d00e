import PeerNetworking
package import SimNetwork

/// The lives of jobs: a fold over the records of a run, in one pass.
package struct JobBook {
    /// The lives, in the order in which the jobs were given first; of a queue that was started anew those since then.
    package private(set) var lives: [JobLife] = []

    private let lab: LabDefinition
    private let isWanted: (UInt64) -> Bool
    private var processes: [PeerNumber: ProcessID] = [:]
    private var openers: [ConnectionID: ProcessID] = [:]

    /// Reads the lives of jobs off the records up to an event.
    ///
    /// - Parameters:
    ///   - event: the last that is read.
    ///   - isWanted: which jobs are, by their number.
    package init(
        _ records: RecordLog, of lab: LabDefinition, upTo event: Int,
        where isWanted: @escaping (UInt64) -> Bool = { _ in true }
    ) {
        self.lab = lab
        self.isWanted = isWanted
        for number in stride(from: max(1, records.first), through: event, by: 1) { take(records[event: number]) }
    }

    private mutating func take(_ record: EventRecord) {
        for change in record.changes {
            if case .peer(let peer, .job(let job, let turn), let session) = change {
                guard isWanted(job), let process = processes[peer] else { continue }
                let at = MessageLife.Station(event: record.number, time: record.time)
                take(turn, of: job, told: process, session?.connection, at)
            } else if case .peerRegistered(let peer, let process, _) = change {
                processes[peer] = process
                // A queue that was started anew has its jobs done anew.
                lives.removeAll { $0.queue == process }
            } else if case .opened(let connection, _, _, _, _, let opener?) = change {
                openers[connection] = opener.process
            }
        }
    }

    private mutating func take(
        _ turn: JobTurn, of job: UInt64, told process: ProcessID, _ connection: ConnectionID?,
        _ at: MessageLife.Station
    ) {
        let queue = turn.isOfQueue ? process : lab.queue(of: process)
        guard let queue else { return }
        let worker = turn.isOfQueue ? connection.flatMap { openers[$0] } : process
        let index = lives.lastIndex { $0.queue == queue && $0.number == job } ?? lives.count
        if index == lives.count { lives.append(JobLife(queue: queue, number: job)) }
        lives[index].turns.append(
            JobLife.Turn(at: at, turn: turn, worker: worker, connection: turn.isOfQueue ? connection : nil))
    }
}

extension LabDefinition {
    /// The process of the queue that a worker works for: who listens where it connects to.
    fileprivate func queue(of worker: ProcessID) -> ProcessID? {
        guard peers.indices.contains(Int(worker.index)), let remote = peers[Int(worker.index)].connect,
            let host = host(remote.host)
        else { return nil }
        return peers.firstIndex { $0.host == host && $0.listen == remote.port }.map { ProcessID($0) }
    }
}
