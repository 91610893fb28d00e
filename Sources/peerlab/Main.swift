import Program

@main
enum Main {
    static func main() { PeerlabProgram.run() }
}
