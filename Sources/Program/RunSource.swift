import Foundation
import Lab
import SimNetwork

/// A run that a word stands for: of a lab and a seed, or of a recording.
enum RunSource {
    case lab(LabDefinition, seed: UInt64)
    case recording(Recording, path: String, timeline: String? = nil)

    /// Finds out which a word stands for: what begins as a recording does is one.
    ///
    /// - Parameters:
    ///   - word: a recording, one with the name of a timeline (`FILE:NAME`), a lab, or one with a seed (`LAB@SEED`).
    ///   - seed: in place of the lab's own.
    /// - Throws: what is wrong with the recording or the lab, and ``Failure`` for two seeds, or one of a recording.
    init(_ word: String, seed: Seed?, _ files: inout FilesInUse) throws {
        if let (path, timeline) = Self.recording(word) {
            guard seed == nil else {
                throw Failure(
                    status: .unusable, message: "\(word): error: a recording has its own seed: leave --seed out")
            }
            files.reads(path, "the recording \(path)")
            let recording = try Recording(path: path, workloads: KnownWorkloads.all)
            for warning in recording.warnings { Output.message("warning: \(warning)") }
            self = .recording(recording, path: path, timeline: timeline)
            return
        }
        let library = LabLibrary.standard()
        let (name, own) = try Self.parts(word, library)
        if own != nil, seed != nil {
            throw Failure(status: .unusable, message: "\(word): error: the seed is told twice: leave --seed out")
        }
        files.reads(try library.path(of: name), "the lab")
        let lab = try library.load(name, workloads: KnownWorkloads.all)
        for warning in lab.warnings { Output.message(warning.description) }
        self = .lab(lab, seed: (own ?? seed)?.value ?? lab.seed)
    }

    /// A lab's name and the seed behind its `@`; a file of the whole name is that file.
    private static func parts(_ word: String, _ library: LabLibrary) throws -> (String, Seed?) {
        guard let mark = word.lastIndex(of: "@"), !FileManager.default.fileExists(atPath: word) else {
            return (word, nil)
        }
        do throws(SessionError) {
            return (String(word[..<mark]), try Seed.read(String(word[word.index(after: mark)...])))
        } catch {
            throw Failure(status: .unusable, message: "\(word): error: \(error)")
        }
    }

    /// The recording of a word, and the timeline that stands behind its name; nil where it is none.
    private static func recording(_ word: String) -> (path: String, timeline: String?)? {
        if isRecording(word) { return (word, nil) }
        guard let mark = word.lastIndex(of: ":") else { return nil }
        let path = String(word[..<mark])
        return isRecording(path) ? (path, String(word[word.index(after: mark)...])) : nil
    }

    /// Whether a file's first line is an object, as a recording's is.
    private static func isRecording(_ word: String) -> Bool {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: word, isDirectory: &isDirectory), !isDirectory.boolValue,
            !word.hasSuffix(".yaml"), !word.hasSuffix(".yml"),
            let file = FileHandle(forReadingAtPath: word)
        else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: 1)) == Data("{".utf8)
    }

    /// The lab.
    var lab: LabDefinition {
        switch self {
        case .lab(let lab, _): lab
        case .recording(let recording, _, _): recording.lab
        }
    }

    /// The seed.
    var seed: UInt64 {
        switch self {
        case .lab(_, let seed): seed
        case .recording(let recording, _, _): recording.seed
        }
    }

    /// Runs it to its end, or as far as it goes.
    ///
    /// - Parameters:
    ///   - memory: what the session keeps of the past.
    ///   - follower: takes in the events of a lab's run as they happen.
    /// - Returns: the session at the end of the run.
    /// - Throws: ``Failure`` where somebody stops it, and where it leaves its recording.
    func session(memory: LogMemory, followedBy follower: (any RunFollower)? = nil) throws -> SimSession {
        switch self {
        case .lab(let lab, let seed):
            let session = SimSession(lab: lab, seed: seed, memory: memory)
            if let follower { session.follow(with: follower) }
            session.ask(pauses: { Interruption.wanted }, isAbandoned: { Interruption.wanted })
            let interrupted = Interruption.watching {
                do throws(SessionError) {
                    while !Interruption.wanted, try !session.seek(to: .time(lab.duration), budget: 5_000) {}
                } catch {
                    // A run that cannot go on has a past all the same.
                    Output.message("warning: the run ends early: \(error)")
                }
            }
            if interrupted { throw Failure(status: .interrupted, message: "interrupted: nothing is written") }
            return session
        case .recording(let recording, let path, let timeline):
            let (session, divergence): (SimSession, Replay.Divergence?)
            do throws(SessionError) {
                (session, divergence) = try Replay.run(recording, timeline: timeline, memory: memory)
            } catch {
                throw Failure(status: .unusable, message: "\(path): error: \(error)")
            }
            if let divergence { throw Failure(status: .diverged, message: "\(path): \(divergence)") }
            return session
        }
    }
}
