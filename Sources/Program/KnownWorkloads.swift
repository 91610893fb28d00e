import Workloads

/// The workloads that labs may name.
enum KnownWorkloads {
    /// Set before anything is read.
    nonisolated(unsafe) static var all = WorkloadRegistry.shipped
}
