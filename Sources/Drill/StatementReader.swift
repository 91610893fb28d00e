/// Reads the Python that stands between `%{` and `}%`: assertions and assignments over `tcpi_*`.
struct StatementReader {
    private var tokens: [Token] = []
    private var position = 0
    /// Brackets and signs that are open.
    private var depth = 0
    private let line: Int

    private enum Token: Hashable {
        case number(Int64)
        case name(String)
        case text(String)
        case sign(String)
    }

    /// - Throws: ``ScriptProblem`` with the line.
    static func read(_ text: String, line: Int) throws(ScriptProblem) -> [ScriptStatement] {
        var statements: [ScriptStatement] = []
        var number = line
        var open = ""
        for part in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            // Brackets join lines.
            open += (open.isEmpty ? "" : " ") + part
            let depth = open.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
            if depth > 0 || open.hasSuffix("\\") {
                if open.hasSuffix("\\") { open.removeLast() }
                number += 1
                continue
            }
            for piece in open.split(separator: ";") {
                var reader = try StatementReader(String(piece), line: number)
                if let statement = try reader.statement(of: piece.trimmed(" \t\r")) { statements.append(statement) }
            }
            open = ""
            number += 1
        }
        guard open.isEmpty else {
            throw ScriptProblem(line: line, column: 1, message: "a bracket is not closed")
        }
        return statements
    }

    private init(_ text: String, line: Int) throws(ScriptProblem) {
        self.line = line
        let characters = Array(text)
        var place = 0
        while place < characters.count {
            let character = characters[place]
            if character == "#" { break }
            if character.isWhitespace {
                place += 1
            } else if character.isNumber {
                var digits = ""
                while place < characters.count, characters[place].isHexDigit || characters[place] == "x" {
                    digits.append(characters[place])
                    place += 1
                }
                let value = digits.hasPrefix("0x") ? Int64(digits.dropFirst(2), radix: 16) : Int64(digits)
                guard let value else { throw problem("'\(digits)' is no number") }
                tokens.append(.number(value))
            } else if character.isLetter || character == "_" {
                var name = ""
                while place < characters.count,
                    characters[place].isLetter || characters[place].isNumber || characters[place] == "_"
                {
                    name.append(characters[place])
                    place += 1
                }
                tokens.append(.name(name))
            } else if character == "'" || character == "\"" {
                var string = ""
                place += 1
                while place < characters.count, characters[place] != character {
                    string.append(characters[place])
                    place += 1
                }
                place += 1
                tokens.append(.text(string))
            } else {
                let two = place + 1 < characters.count ? String(characters[place...place + 1]) : ""
                if ["==", "!=", "<=", ">=", "+=", "-=", "*=", "//", "<<", ">>"].contains(two) {
                    tokens.append(.sign(two))
                    place += 2
                } else {
                    tokens.append(.sign(String(character)))
                    place += 1
                }
            }
        }
    }

    private func problem(_ message: String, unsupported: Bool = false) -> ScriptProblem {
        ScriptProblem(line: line, column: 1, message: message, isUnsupported: unsupported)
    }

    private mutating func statement(of text: String) throws(ScriptProblem) -> ScriptStatement? {
        guard tokens.count <= Bounds.tokens else { throw problem("a statement has at most \(Bounds.tokens) words") }
        guard let first = tokens.first else { return nil }
        switch first {
        case .name("print"), .name("import"), .name("pass"): return .nothing
        case .name("assert"):
            position = 1
            let expression = try comparison()
            // What is said where it does not hold.
            guard position == tokens.count || tokens[position] == .sign(",") else {
                throw problem("'\(text)' is not understood")
            }
            return .mustHold(expression, text: text)
        case .name(let name):
            guard tokens.count > 2, case .sign(let sign) = tokens[1], ["=", "+=", "-=", "*="].contains(sign) else {
                throw problem("'\(text)' is not understood", unsupported: true)
            }
            position = 2
            let value = try comparison()
            guard position == tokens.count else { throw problem("'\(text)' is not understood") }
            if sign == "=" { return .assign(name, value) }
            return .assign(name, .operation(String(sign.first ?? "+"), .name(name), value))
        default: throw problem("'\(text)' is not understood", unsupported: true)
        }
    }

    private mutating func takes(_ token: Token) -> Bool {
        guard position < tokens.count, tokens[position] == token else { return false }
        position += 1
        return true
    }

    private mutating func comparison() throws(ScriptProblem) -> ScriptExpression {
        var left = try conjunction()
        while takes(.name("or")) { left = .operation("or", left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(ScriptProblem) -> ScriptExpression {
        var left = try negation()
        while takes(.name("and")) { left = .operation("and", left, try negation()) }
        return left
    }

    private mutating func negation() throws(ScriptProblem) -> ScriptExpression {
        if takes(.name("not")) {
            depth += 1
            defer { depth -= 1 }
            guard depth < Bounds.depth else { throw problem("the expression is nested too deep") }
            return .not(try negation())
        }
        let left = try sum()
        var result: ScriptExpression?
        var before = left
        while position < tokens.count, case .sign(let sign) = tokens[position],
            ["==", "!=", "<", ">", "<=", ">="].contains(sign)
        {
            position += 1
            let right = try sum()
            let one = ScriptExpression.operation(sign, before, right)
            // `a <= b <= c` is both.
            result = result.map { .operation("and", $0, one) } ?? one
            before = right
        }
        return result ?? left
    }

    private mutating func sum() throws(ScriptProblem) -> ScriptExpression {
        var left = try product()
        while position < tokens.count, case .sign(let sign) = tokens[position], ["+", "-", "&", "|"].contains(sign) {
            position += 1
            left = .operation(sign, left, try product())
        }
        return left
    }

    private mutating func product() throws(ScriptProblem) -> ScriptExpression {
        var left = try atom()
        while position < tokens.count, case .sign(let sign) = tokens[position],
            ["*", "/", "//", "%", "<<", ">>"].contains(sign)
        {
            position += 1
            left = .operation(sign, left, try atom())
        }
        return left
    }

    private mutating func atom() throws(ScriptProblem) -> ScriptExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Bounds.depth else { throw problem("the expression is nested too deep") }
        guard position < tokens.count else { throw problem("an expression is expected") }
        let token = tokens[position]
        position += 1
        switch token {
        case .number(let number): return .number(number)
        case .name("True"): return .number(1)
        case .name("False"): return .number(0)
        case .name(let name): return .name(name)
        case .text(let text): return .text(text)
        case .sign("-"): return .minus(try atom())
        case .sign("("):
            let inner = try comparison()
            guard takes(.sign(")")) else { throw problem("')' is missing") }
            return inner
        case .sign(let sign): throw problem("'\(sign)' is not expected")
        }
    }
}
