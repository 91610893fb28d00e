import SimNetwork
import TCP

// The TCP parameters of a host's kernel, by the names that Linux gives them.
extension LabFileReader {
    /// What a host's kernel is like before its own keys change it.
    static let profiles: [(name: String, options: TCPOptions)] = [
        ("linux", TCPOptions.sendingAtOnce), ("textbook", TCPOptions.textbook),
    ].map { name, options in
        var options = options
        options.noDelay = true
        return (name, options)
    }

    /// The keys of a host's kernel, short names first.
    static let tcpKeys = ["tcp"] + TCPKnob.all.flatMap { $0.names.reversed() }

    mutating func tcpOptions(_ fields: SourceFields) -> TCPOptions {
        var tcp = TCPOptions.sendingAtOnce
        if let value = fields["tcp"], let name = choice(value, "tcp", Self.profiles.map(\.name)),
            let profile = Self.profiles.first(where: { $0.name == name })
        {
            tcp = profile.options
        }
        for knob in TCPKnob.all {
            let given = knob.names.filter { fields[$0] != nil }
            if given.count > 1 {
                report(fields.place(of: given[1]), "'\(given[1])' is '\(given[0])', which is given already")
            }
            guard let name = given.first, let source = fields[name], let value = value(source, of: knob, called: name)
            else { continue }
            knob.set(&tcp, value)
        }
        return tcp
    }

    /// A value of a kernel's option.
    mutating func value(_ source: SourceValue, of knob: TCPKnob, called name: String) -> Int64? {
        switch knob.kind {
        case .count(let range):
            integer(source, name, in: Int(range.lowerBound)...Int(range.upperBound)).map { Int64($0) }
        case .flag: boolean(source, name).map { $0 ? 1 : 0 }
        case .bytes(let range): size(source, name, in: range)
        case .duration(let range): duration(source, name, in: range)
        case .word(let words): choice(source, name, words).flatMap { words.firstIndex(of: $0) }.map { Int64($0) }
        }
    }
}

extension TCPKnob {
    /// A value as lab files and commands write it.
    func text(of value: Int64) -> String {
        switch kind {
        case .count: "\(value)"
        case .flag: value == 0 ? "false" : "true"
        case .bytes: "\(value)B"
        case .duration: Scale.duration.text(value)
        case .word(let words): words.indices.contains(Int(value)) ? words[Int(value)] : "\(value)"
        }
    }
}
