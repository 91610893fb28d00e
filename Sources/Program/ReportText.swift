import Foundation
import Lab

extension RunReport {
    /// The report as one JSON object.
    func json() throws -> String {
        try JSONText(isPretty: true).string(self)
    }
}
