/// The little of a shell that scripts have: commands with words, quotes, remarks, and products of numbers.
enum ShellText {
    /// The words of each command.
    static func commands(of text: String) -> [[String]] {
        text.replacing("\\\n", with: " ").split(whereSeparator: \.isNewline).flatMap { line in
            counted(String(line)).split(whereSeparator: { $0 == ";" || $0 == "&" }).map(words).filter { !$0.isEmpty }
        }
    }

    /// What stands in quotes is one word, or belongs to one; a remark is none, and where output goes, but that of `echo`.
    private static func words(of command: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in command {
            if character == "#", !isQuoted, word.isEmpty { break }
            if character == "\"" {
                isQuoted.toggle()
            } else if character.isWhitespace, !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        // `2>&1` was taken apart at its `&`.
        if words.first != "echo", let place = words.firstIndex(where: { $0.contains(">") }) {
            words.removeSubrange(place...)
        }
        return words.allSatisfy { Int($0) != nil } ? [] : words
    }

    /// With each `$((15*1024))` as its number.
    private static func counted(_ line: String) -> String {
        var line = line
        while let start = line.firstRange(of: "$(("), let end = line[start.upperBound...].firstRange(of: "))") {
            let factors = line[start.upperBound..<end.lowerBound].split(separator: "*").map {
                Int64($0.trimmed(" ")) ?? 0
            }
            line.replaceSubrange(start.lowerBound..<end.upperBound, with: "\(factors.reduce(1, &*))")
        }
        return line
    }
}
