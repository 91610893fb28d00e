import Lab
import Screen
import SimNetwork

extension EventText {
    /// A fault's doing as a line.
    func faultLine(of change: Change) -> EventLine {
        switch change {
        case .draw(let draw):
            EventLine(
                weight: draw.fires ? 88 : 4, who: "draw", verb: draw.fires ? "fires" : "holds",
                detail: "\(draw.site) \(names.name(draw.subject)) #\(draw.number): \(Self.odds(of: draw))",
                style: draw.fires ? .fault : .dim, isFault: draw.fires)
        case .queue(let link, let direction, let bytes, _):
            EventLine(
                weight: 6, who: names.name(link, direction), verb: "queue", detail: "\(bytes) B", style: .dim)
        case .shaped(let link, let direction, let shape):
            EventLine(
                weight: 97, who: names.name(link, direction), verb: shape.kind.rawValue, detail: shape.valueText,
                style: .fault)
        case .clogged(let link, let direction, let isClogged):
            EventLine(
                weight: 97, who: names.name(link, direction), verb: isClogged ? "clog" : "release", detail: "",
                style: isClogged ? .danger : .good)
        case .partition(let partition, let begins):
            EventLine(
                weight: 97, who: "network", verb: begins ? "part" : "join",
                detail: [partition.first, partition.second].map { $0.map(names.name).joined(separator: " ") }
                    .joined(separator: " | "), style: begins ? .danger : .good)
        case .standing(let action):
            EventLine(
                weight: 96, who: "fault", verb: action.heals ? "lifts" : "stands", detail: names.text(action),
                style: .fault, isFault: true)
        case .struck(let family, let host):
            EventLine(
                weight: 89, who: names.name(host), verb: "suffers", detail: family.description, style: .fault,
                isFault: true)
        default:
            EventLine(weight: 0, who: "", verb: "", detail: "")
        }
    }

    /// A draw's value against its threshold, both as fractions: it fires below.
    static func odds(of draw: DrawRecord) -> String {
        if draw.isForced { return draw.fires ? "forced" : "vetoed" }
        let value = Double(draw.value) / 4_294_967_296
        return "\(fraction(value)) \(draw.fires ? "<" : "≥") \(fraction(draw.threshold.fraction))"
    }

    /// Three decimals, without a formatter: it stands in every line of the ledger.
    private static func fraction(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded(.down))
        if thousandths >= 1_000 { return "1" }
        let digits = String(thousandths)
        return "0." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
