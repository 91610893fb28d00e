import Workloads

extension LabFileReader {
    /// Reads parameters: what a file gives, laid over the usual ones.
    ///
    /// A value that cannot be read is reported and taken away, and the rest is read again: so all that is wrong is found.
    ///
    /// - Parameters:
    ///   - given: the file's mapping.
    ///   - what: whose parameters they are, for messages.
    /// - Returns: nil where something was reported.
    mutating func readParameters<Parameters: WorkloadParameters>(
        _ type: Parameters.Type, from given: SourceValue, of what: String
    ) -> Parameters? {
        let before = reported
        let usual = ParameterEncoder.tree(of: Parameters())
        let decoding = ParameterDecoding(LabFileReader(file: file, source: ""), bounds: Parameters.bounds)
        var rest = given
        var noMappings: [(path: [String], value: SourceValue)] = []
        var parameters: Parameters?
        var isSettled = false
        while !isSettled {
            isSettled = true
            do {
                parameters = try Parameters(
                    from: ParameterDecoder(value: rest.laid(over: usual), path: [], decoding: decoding))
            } catch let unread as UnreadParameter {
                switch unread.flaw {
                case .isReported: break
                case .isNoMapping(let value): noMappings.append((unread.path, value))
                case .other(let place, let words): report(place, words)
                }
                isSettled = !rest.remove(unread.path[...])
            } catch {
                report(given.place, "\(what): \(error)")
            }
        }
        for (path, value) in noMappings {
            let names = decoding.asked[path.joined(separator: ".")] ?? []
            report(value.place, "'\(path.last ?? what)' must be a mapping with \(listing(names)), not \(value.kind)")
        }
        for diagnostic in decoding.reader.diagnostics {
            report(Place(line: diagnostic.line, column: diagnostic.column), diagnostic.message)
        }
        reportUnasked(given, path: [], decoding, of: what)
        return reported == before ? parameters : nil
    }

    /// Reports the names that nobody asked for.
    private mutating func reportUnasked(
        _ given: SourceValue, path: [String], _ decoding: ParameterDecoding, of what: String
    ) {
        guard case .mapping(let fields) = given.content, let known = decoding.asked[path.joined(separator: ".")] else {
            return
        }
        for field in fields {
            if known.contains(field.name) {
                reportUnasked(field.value, path: path + [field.name], decoding, of: "'\(field.name)'")
            } else {
                reportUnknown("key", field.name, at: field.place, known: known, of: what)
            }
        }
    }

    /// The names of the parameters of a type.
    static func parameterNames<Parameters: WorkloadParameters>(of type: Parameters.Type) -> [String] {
        let decoding = ParameterDecoding(LabFileReader(file: "", source: ""), bounds: Parameters.bounds)
        let usual = ParameterEncoder.tree(of: Parameters())
        _ = try? Parameters(from: ParameterDecoder(value: usual, path: [], decoding: decoding))
        return decoding.asked[""] ?? []
    }
}
