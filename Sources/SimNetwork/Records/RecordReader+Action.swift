import Bug
import PeerNetworking

// Actions read back: the catalogue knows which form has which number.
extension RecordReader {
    /// An action as it was written. The bytes never come from outside of the process.
    mutating func action() -> Action {
        let form = Catalogue.form(Int(number()))
        let given = number()
        var operands = Operands()
        for (place, operand) in form.operands.enumerated() where given >> UInt64(place) & 1 == 1 {
            operands[operand.name] = value()
        }
        do throws(OperandProblem) {
            return try Catalogue.action(form.number, operands)
        } catch {
            bug("a record's \(form.name) cannot be read back: \(error.message)")
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
