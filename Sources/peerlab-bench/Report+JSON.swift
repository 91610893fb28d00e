import Foundation

extension Report {
    /// One object for programs; what was not measured is null, with a reason.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension Report: Encodable {
    private enum Key: String, CodingKey {
        case machine, order, rows
    }

    private enum RowKey: String, CodingKey {
        case name, value, unit, runs, min, max, versus, reason
    }

    private enum VersusKey: String, CodingKey {
        case simpy, floor
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(machine, forKey: .machine)
        try object.encode(seed, forKey: .order)
        var list = object.nestedUnkeyedContainer(forKey: .rows)
        for row in rows {
            var item = list.nestedContainer(keyedBy: RowKey.self)
            let isMeasured = row.value != nil
            try item.encode(row.name, forKey: .name)
            try item.encode(row.value, forKey: .value)
            try item.encode(row.unit.rawValue, forKey: .unit)
            try item.encode(isMeasured ? row.values.count : 0, forKey: .runs)
            try item.encode(isMeasured ? row.values.min() : nil, forKey: .min)
            try item.encode(isMeasured ? row.values.max() : nil, forKey: .max)
            var versus = item.nestedContainer(keyedBy: VersusKey.self, forKey: .versus)
            try versus.encode(ratioToSimPy(row), forKey: .simpy)
            try versus.encode(ratioToFloor(row), forKey: .floor)
            if !isMeasured { try item.encode(row.failure ?? "no run", forKey: .reason) }
        }
    }
}
