import Lab
import PeerNetworking
import Screen
import SimNetwork

// What a peer bears, and for how long: as it is configured in this run.
extension Inspection {
    func limits(of number: PeerNumber) -> [[Span]] {
        let peer = world.peers[Int(number.index)]
        guard snapshot.lab.peers.indices.contains(Int(peer.process.index)) else { return [] }
        let config = snapshot.lab.config(ofPeer: Int(peer.process.index), seed: snapshot.seed)
        var lines = [[], [Span("Limits", .title)], field("heartbeat", Self.text(of: config.heartbeat))]
        // A server's sessions are opened by the other side.
        if !peer.isOfSessions {
            lines += [
                field("circuit", Self.text(of: config.breaker)), field("reconnects", Self.text(ofReconnecting: config)),
                field("attempt", "fails after \(Self.text(config.connectTimeout))"),
            ]
        }
        return lines + Self.timeouts(of: config).map { field($0, "lost after \(Self.text($1))") }
    }

    private static func text(of heartbeat: PeerConfig.Heartbeat?) -> String {
        guard let heartbeat else { return "none: a silence is not noticed" }
        return "every \(text(heartbeat.interval)), lost after \(text(heartbeat.timeout)) of silence"
            + (heartbeat.phiAccrual.map { ", or from a suspicion of \($0.threshold) on" } ?? "")
            + (heartbeat.reconnectBelow.map { ", opened anew below a health of \($0)" } ?? "")
    }

    private static func text(of breaker: PeerConfig.Breaker?) -> String {
        guard let breaker else { return "none: it is tried for ever" }
        return "opens after \(NumberText.count(breaker.failures, "failure")) in a row, for \(text(breaker.openFor)); "
            + "\(NumberText.count(breaker.probes, "connection")) after that \(breaker.probes == 1 ? "closes" : "close") it"
    }

    private static func text(ofReconnecting config: PeerConfig) -> String {
        guard config.reconnects else { return "never: the first loss is the last" }
        let backoff = config.backoff
        return "after \(text(backoff.initial)), then longer, up to \(text(backoff.maximum))"
            + (backoff.attempts.map { ", \(NumberText.count($0, "attempt")) in a row" } ?? "")
    }

    private static func timeouts(of config: PeerConfig) -> [(String, Duration)] {
        [("reading", config.readTimeout), ("writing", config.writeTimeout), ("idle", config.idleTimeout)]
            .compactMap { name, timeout in timeout.map { (name, $0) } }
    }

    private static func text(_ duration: Duration) -> String { TimeText.operand(duration.inNanoseconds) }
}
