package import PeerNetworking

extension NetworkError.Code {
    /// The name in words: `timed out`.
    package var words: String {
        rawValue.reduce(into: "") { text, letter in text += letter.isUppercase ? " \(letter.lowercased())" : "\(letter)"
        }
    }
}
