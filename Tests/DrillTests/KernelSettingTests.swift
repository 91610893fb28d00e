import Drill
import LinuxNetwork
import Testing

/// What a script may change of the machine that it runs on: the network's own settings, in its namespace.
@Suite struct KernelSettingTests {
    @Test(
        .enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked"),
        arguments: ["kernel.core_pattern", "vm.swappiness", "fs.file-max"])
    func nothingElseIsWritten(name: String) throws {
        let script = try ScriptReader.read("`sysctl \(name)=1`\n0 close(3) = -1\n", name: "x")
        guard case .unsupported(_, let why) = KernelDrill.run(script).verdict else {
            Issue.record("it is written")
            return
        }
        #expect(why.contains(name))
    }
}
