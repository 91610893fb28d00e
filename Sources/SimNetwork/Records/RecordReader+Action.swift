import PeerNetworking

// Actions read back: the catalogue knows which form has which number.
extension RecordReader {
    /// An action as it was written.
    mutating func action() -> Action {
        let place = number()
        guard let form = Catalogue.form(place) else {
            refuse("an action of form \(place)")
            return .healAll
        }
        let given = number()
        var operands = Operands()
        for (place, operand) in form.operands.enumerated() where given >> UInt64(place) & 1 == 1 {
            operands[operand.name] = value()
        }
        do throws(OperandProblem) {
            return try Catalogue.action(form.number, operands)
        } catch {
            refuse("a \(form.name) that cannot be read back: \(error.message)")
            return .healAll
        }
    }

    private mutating func value() -> OperandValue {
        switch choice(OperandTag.self) {
        case .link: .link(LinkID(Int(small())))
        case .direction: .direction(choice())
        case .bound: .bound(choice())
        case .host: .host(host())
        case .hosts: .hosts(partition().first)
        case .groups: groups()
        case .pair: .pair(host(), host())
        case .peer: .peer(process())
        case .service: .service(service())
        case .connection: .connection(connection())
        case .side: .side(choice())
        case .number: .number(signed())
        case .probability: .probability(probability())
        case .latency: .latency(latency())
        case .loss: .loss(loss())
        case .flag: .flag(flag())
        case .word: .word(text())
        case .text: .text(text())
        }
    }

    private mutating func groups() -> OperandValue {
        let partition = partition()
        return .groups(partition.first, partition.second)
    }

    private mutating func service() -> ServiceScope {
        let host = host()
        let port = small()
        return ServiceScope(host, port: port == 0 ? nil : UInt16(clamping: port - 1))
    }
}
