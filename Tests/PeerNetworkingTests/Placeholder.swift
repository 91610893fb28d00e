import Testing
@testable import PeerNetworking
