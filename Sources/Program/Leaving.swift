import Foundation
import Lab

/// Lets go of a session whose screen has been left: its recordings are whole at once, and what it holds, be it much, is
/// given back while the user goes on. A process that ends does not wait for it.
final class Leaving {
    /// Held here alone once its owner has let go of it.
    private let session: any LabSession

    private init(_ session: any LabSession) { self.session = session }

    /// Ends a session, and forgets it.
    static func leave(_ session: inout (any LabSession)?) {
        guard let left = session else { return }
        session = nil
        left.finishRecording()
        guard left.traits.isStepped else {
            // Its sockets are closed before another has them.
            left.close()
            return
        }
        // One thread after the other: this one has nothing to do with it any more.
        nonisolated(unsafe) let held = Leaving(left)
        Thread.detachNewThread { held.session.close() }
    }
}
