/// The names of properties as lab files write them: `suspectAfter` is `suspect-after`.
enum LabName {
    static func of(_ property: String) -> String {
        property.reduce(into: "") { name, letter in
            if letter.isUppercase { name += "-" }
            name += letter.lowercased()
        }
    }
}
