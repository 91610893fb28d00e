package import SimNetwork

extension Probability {
    /// The shortest decimal that is read back as the same.
    var text: String {
        if self == .never { return "0" }
        if self == .always { return "1" }
        for digits in 1...12 {
            let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
            let rounded = (fraction * scale).rounded()
            if Probability(rounded / scale) == self { return "\(rounded / scale)".expandingExponent(digits: digits) }
        }
        return "\(fraction)"
    }
}

extension String {
    /// `1e-05` as `0.00001`.
    fileprivate func expandingExponent(digits: Int) -> String {
        guard contains("e"), let value = Double(self) else { return self }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let whole = String(Int64((value * scale).rounded()))
        return "0." + String(repeating: "0", count: max(0, digits - whole.count)) + whole
    }
}

extension Latency {
    /// As lab files and commands write it: `uniform(1ms,5ms)`.
    var text: String {
        let duration = Scale.duration.text
        return switch self {
        case .constant(let value): duration(value)
        case .uniform(let low, let high): "uniform(\(duration(low)),\(duration(high)))"
        case .normal(let mean, let deviation): "normal(\(duration(mean)),\(duration(deviation)))"
        case .exponential(let mean): "exponential(\(duration(mean)))"
        case .bimodal(let first, let second, let probability):
            "bimodal(\(duration(first)),\(duration(second)),\(probability.text))"
        case .pareto(let least, let shape): "pareto(\(duration(least)),\(shape))"
        }
    }
}

extension LossModel {
    /// As lab files and commands write it: `0.1`, or `burst(0.02,0.4,0,1)`.
    var text: String {
        switch self {
        case .independent(let probability): probability.text
        case .burst(let model): model.text
        }
    }
}

extension GilbertElliott {
    /// As lab files and commands write it: `burst(0.02,0.4,0,1)`.
    var text: String {
        "burst(\(toBad.text),\(toGood.text),\(lossWhenGood.text),\(lossWhenBad.text))"
    }
}

extension LinkShape {
    /// The value alone, for showing: `uniform(1ms,5ms)`.
    package var valueText: String {
        let duration = Scale.duration.text
        return switch self {
        case .latency(let latency): latency.text
        case .loss(let model): model.text
        case .duplicate(let probability): probability.text
        case .reorder(let reorder):
            reorder.probability == .never ? "0" : "\(reorder.probability.text) by \(duration(reorder.extra))"
        case .corrupt(let corrupt):
            corrupt.uncaught == .never
                ? corrupt.caught.text : "\(corrupt.caught.text), uncaught \(corrupt.uncaught.text)"
        case .bandwidth(let rate, let queue):
            rate == 0 ? "without limit" : "\(Scale.rate.text(rate)), queue \(Scale.size.text(queue))"
        case .queue(.dropTail): "drop-tail"
        case .queue(.red(let red)): "red" + (red.marks ? ", marks" : "")
        case .queue(.codel(let codel)): "codel, \(duration(codel.target))" + (codel.marks ? ", marks" : "")
        case .mtu(let bytes, let tells): "\(bytes) B\(tells ? "" : ", nobody is told")"
        }
    }
}
