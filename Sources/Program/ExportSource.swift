import Foundation
import Lab
import SimNetwork

/// The run that is exported: of a lab and a seed, or of a recording.
enum ExportSource {
    case lab(LabDefinition, seed: UInt64)
    case recording(Recording, path: String)

    /// Finds out which a word stands for: what begins as a recording does is one.
    ///
    /// - Throws: what is wrong with the recording or the lab, and ``Failure`` for two seeds, or one of a recording.
    init(_ word: String, seed: Seed?, _ files: inout FilesInUse) throws {
        if Self.isRecording(word) {
            guard seed == nil else {
                throw Failure(
                    status: .unusable, message: "\(word): error: a recording has its own seed: leave --seed out")
            }
            files.reads(word, "the recording that is exported")
            let recording = try Recording(path: word, workloads: KnownWorkloads.all)
            for warning in recording.warnings { Output.message("warning: \(warning)") }
            self = .recording(recording, path: word)
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
        case .recording(let recording, _): recording.lab
        }
    }

    /// The seed.
    var seed: UInt64 {
        switch self {
        case .lab(_, let seed): seed
        case .recording(let recording, _): recording.seed
        }
    }

    /// Runs it to its end, and has an export take all of it in.
    ///
    /// - Throws: ``Failure`` where it cannot be run to its end, or leaves its recording.
    func feed(_ export: Export) throws {
        switch self {
        case .lab(let lab, let seed):
            let session = SimSession(lab: lab, seed: seed, memory: .latest)
            defer { session.close() }
            session.follow(with: export)
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
        case .recording(let recording, let path):
            let (session, divergence): (SimSession, Replay.Divergence?)
            do throws(SessionError) {
                (session, divergence) = try Replay.run(recording, memory: .standard)
            } catch {
                throw Failure(status: .unusable, message: "\(path): error: \(error)")
            }
            defer { session.close() }
            if let divergence { throw Failure(status: .diverged, message: "\(path): \(divergence)") }
            export.takes(session.snapshot)
        }
    }
}
