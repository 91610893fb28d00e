import PeerLab

@main
enum Main {
    static func main() { LabProgram().run() }
}
