/// What actions have set above one another: where the latest ends, the one before it is in force again.
struct Layers {
    /// An action that has set something.
    struct Layer {
        let number: UInt64
        let action: Action
        /// What it sets, as the action that lifts it.
        fileprivate let setting: Action
        /// Its end is not scheduled.
        fileprivate var isEndless = true
    }

    /// What becomes of what a layer has set when it is taken away.
    enum Removal {
        /// It was lifted before.
        case lifted
        /// A later layer covers it.
        case covered
        /// It was in force: now this is, or nothing.
        case uncovered(Action?)
    }

    /// In the order in which they were done.
    private var layers: [Layer] = []
    private var last: UInt64 = 0
    /// How many layers there are of each setting; looked up, never iterated over. Labs may set 100,000 things, each once.
    private var counts: [Action: Int] = [:]

    /// Takes an action in that was carried out: one that heals lifts all that set the same.
    mutating func note(_ action: Action) {
        guard let setting = action.setting else { return }
        if action.heals {
            removeAll { $0.action.isLifted(with: action) }
            return
        }
        // Of those without an end, the one before this may come back, should this one have an end; older ones never will.
        if counts[setting] != nil, let latest = layers.last(where: { $0.isEndless && $0.setting == setting }) {
            removeAll { $0.isEndless && $0.number < latest.number && $0.setting == setting }
        }
        last += 1
        layers.append(Layer(number: last, action: action, setting: setting))
        counts[setting, default: 0] += 1
    }

    private mutating func removeAll(_ isOver: (Layer) -> Bool) {
        for layer in layers where isOver(layer) { uncount(layer.setting) }
        layers.removeAll(where: isOver)
    }

    private mutating func uncount(_ setting: Action) {
        let left = counts[setting, default: 1] - 1
        counts[setting] = left > 0 ? left : nil
    }

    /// The layer that an action has just made, which is to have an end; nil for an action that sets nothing.
    mutating func willEnd(_ action: Action) -> Layer? {
        guard let latest = layers.last, latest.action == action else { return nil }
        layers[layers.count - 1].isEndless = false
        return latest
    }

    mutating func remove(_ layer: Layer) -> Removal {
        guard let index = layers.firstIndex(where: { $0.number == layer.number }) else { return .lifted }
        layers.remove(at: index)
        uncount(layer.setting)
        guard counts[layer.setting] != nil else { return .uncovered(nil) }
        if layers[index...].contains(where: { $0.setting == layer.setting }) { return .covered }
        return .uncovered(layers.last { $0.setting == layer.setting }?.action)
    }
}
