import PeerNetworking
import Testing

@Suite struct NetworkConfigTests {
    @Test(arguments: [NetworkConfig(), .lan, .wan, .test])
    func presetsAreValid(config: NetworkConfig) {
        #expect(config.validate() == [])
    }

    @Test func everyBadFieldIsNamedAtOnce() {
        var config = NetworkConfig()
        config.latency = .milliseconds(-1)...(.seconds(3_601))
        config.loss = 1.1
        config.sendBuffer = 1_023
        config.receiveBuffer = 1_073_741_825
        config.backlog = 0
        config.maximumSegmentSize = 87
        #expect(
            config.validate().map(\.field) == [
                "latency", "loss", "send-buffer", "receive-buffer", "backlog", "maximum-segment-size",
            ])
    }

    @Test func theBoundsThemselvesAreAllowed() {
        var config = NetworkConfig()
        config.latency = .zero...(.seconds(3_600))
        config.loss = 1
        config.sendBuffer = 1_024
        config.receiveBuffer = 1_073_741_824
        config.backlog = 65_535
        config.maximumSegmentSize = 65_495
        #expect(config.validate() == [])
    }
}
