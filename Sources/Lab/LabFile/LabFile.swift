public enum LabFile {
    public static func read(text: String, name: String) throws(LabDiagnostics) -> LabDefinition {
        throw LabDiagnostics([])
    }
}
