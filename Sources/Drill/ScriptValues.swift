/// The variables of a script, and what its expressions come to.
struct ScriptValues {
    private var variables: [String: Int64] = [:]

    private static let constants: [String: Int64] = [
        "TCP_INFINITE_SSTHRESH": 0x7FFF_FFFF, "TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2,
        "TCP_CA_Recovery": 3, "TCP_CA_Loss": 4, "TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3,
        "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5, "TCP_TIME_WAIT": 6, "TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8,
        "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11, "TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2,
    ]

    /// A name that has no value.
    struct Unknown: Error { var name: String }

    mutating func assign(_ name: String, _ value: Int64) { variables[name] = value }

    func value(of expression: ScriptExpression, _ information: [String: Int64]) throws(Unknown) -> Int64 {
        switch expression {
        case .number(let number): return number
        case .text(let text): throw Unknown(name: text)
        case .name(let name):
            guard let value = information[name] ?? variables[name] ?? Self.constants[name] else {
                throw Unknown(name: name)
            }
            return value
        case .not(let inner): return try value(of: inner, information) == 0 ? 1 : 0
        case .minus(let inner): return 0 &- (try value(of: inner, information))
        case .operation(let sign, let left, let right):
            let one = try value(of: left, information)
            // The right side of what is decided is not looked at.
            if sign == "and", one == 0 { return 0 }
            if sign == "or", one != 0 { return one }
            return Self.apply(sign, one, try value(of: right, information))
        }
    }

    private static func apply(_ sign: String, _ left: Int64, _ right: Int64) -> Int64 {
        func truth(_ holds: Bool) -> Int64 { holds ? 1 : 0 }
        return switch sign {
        case "+": left &+ right
        case "-": left &- right
        case "*": left &* right
        case "/", "//": right == 0 ? 0 : left.dividedReportingOverflow(by: right).partialValue
        case "%": right == 0 ? 0 : left.remainderReportingOverflow(dividingBy: right).partialValue
        case "&": left & right
        case "|": left | right
        case "<<": left << right
        case ">>": left >> right
        case "==": truth(left == right)
        case "!=": truth(left != right)
        case "<": truth(left < right)
        case ">": truth(left > right)
        case "<=": truth(left <= right)
        case ">=": truth(left >= right)
        default: right
        }
    }

    /// The names in an expression with their values: what an assertion that fails is told with.
    func told(_ expression: ScriptExpression, _ information: [String: Int64]) -> String {
        var names: [String] = []
        func collect(_ expression: ScriptExpression) {
            switch expression {
            case .name(let name):
                if !names.contains(name), Self.constants[name] == nil { names.append(name) }
            case .not(let inner), .minus(let inner): collect(inner)
            case .operation(_, let left, let right):
                collect(left)
                collect(right)
            case .number, .text: break
            }
        }
        collect(expression)
        return names.map { name in "\(name) is \((information[name] ?? variables[name]).map { "\($0)" } ?? "unknown")" }
            .joined(separator: ", ")
    }
}
