import Foundation
import SimNetwork

/// Turns the events of a run into one format, as they come: what is ready stands in ``output`` until somebody takes it.
protocol ExportWriter: AnyObject {
    /// What is ready to be written.
    var output: Data { get set }
    /// Takes in an event; of one that is not shown what later ones need.
    func take(_ record: EventRecord, _ names: Names, isShown: Bool)
    /// No event comes any more.
    ///
    /// - Throws: ``SessionError`` where what was asked for makes no such export.
    func finish() throws(SessionError)
}

extension ExportWriter {
    /// Adds text.
    func write(_ text: String) { output.append(contentsOf: text.utf8) }
}
