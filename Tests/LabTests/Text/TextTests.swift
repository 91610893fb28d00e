import Lab
import PeerNetworking
import Testing

@testable import Lab

@Suite("Texts") struct TextTests {
    @Test("Errors are in words")
    func errorsAreInWords() {
        #expect(NetworkError.Code.timedOut.words == "timed out")
        #expect(NetworkError.Code.tooManyOpenFiles.words == "too many open files")
        for code in NetworkError.Code.allCases {
            #expect(code.words == code.words.lowercased())
            #expect(code.words.replacing(" ", with: "") == code.rawValue.lowercased())
        }
    }
}
