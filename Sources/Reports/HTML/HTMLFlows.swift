import Residency

/// From where data is stored to where it went besides: the arrows on the map.
struct Flow: Hashable {
    var from: String
    var to: String
    var mark: HTMLMap.Mark
    /// How many findings speak of it.
    var findings: Int

    /// Flows between countries, the gravest last. A subject whose home is in several countries, or not known, has none.
    static func all(of run: Run) -> [Flow] {
        // Of a million subjects few move.
        let movers = Set(run.findings.lazy.filter { moving.contains($0.requirement) }.map(\.subject))
        if movers.isEmpty { return [] }
        var homes: [Subject: String] = [:]
        for word in [Activity.processed, .stored] {
            for finding in run.findings where finding.requirement == word.rawValue && finding.verdict == .satisfied && movers.contains(finding.subject) {
                let codes = Set(finding.observations.filter { !$0.attempted }.flatMap(\.place.location.codes))
                if codes.count == 1 { homes[finding.subject] = codes.first }
            }
        }
        var counts: [Flow: Int] = [:]
        for finding in run.findings where moving.contains(finding.requirement) {
            guard let home = homes[finding.subject], let mark = HTMLMap.Mark(Placements.kind(finding)) else { continue }
            var seen: Set<String> = []
            for observation in finding.observations where !observation.attempted && observation.place.location.codes.count <= 3 {
                for code in observation.place.location.codes where code != home && seen.insert(code).inserted {
                    counts[Flow(from: home, to: code, mark: mark, findings: 0), default: 0] += 1
                }
            }
        }
        return counts.map { Flow(from: $0.key.from, to: $0.key.to, mark: $0.key.mark, findings: $0.value) }
            .sorted { ($1.mark.rawValue, $0.from, $0.to) < ($0.mark.rawValue, $1.from, $1.to) }.suffix(most)
    }

    private static let moving: Set<String> = Set([Activity.copied, .backedUp, .transferred, .logged, .keyHeld].map(\.rawValue))
    private static let most = 60

    /// A bow that grows wider to its head, as one filled outline of short lines: what draws it needs no strokes.
    func outline() -> String? {
        guard let start = WorldOutline.centre(of: from), let end = WorldOutline.centre(of: to) else { return nil }
        let (x0, y0, x2, y2) = (Double(start.x), Double(start.y), Double(end.x), Double(end.y))
        let (dx, dy) = (x2 - x0, y2 - y0)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 24 else { return nil }
        // Bent upwards, where there is more sea.
        let bend = dx >= 0 ? 0.18 : -0.18
        let (cx, cy) = ((x0 + x2) / 2 + dy * bend, (y0 + y2) / 2 - dx * bend)
        func at(_ t: Double) -> (x: Double, y: Double, nx: Double, ny: Double) {
            let u = 1 - t
            let (tx, ty) = (2 * u * (cx - x0) + 2 * t * (x2 - cx), 2 * u * (cy - y0) + 2 * t * (y2 - cy))
            let norm = (tx * tx + ty * ty).squareRoot()
            return (u * u * x0 + 2 * u * t * cx + t * t * x2, u * u * y0 + 2 * u * t * cy + t * t * y2, -ty / norm, tx / norm)
        }
        // It begins and ends beside the marks, not under them.
        let (first, neck, tip) = (9 / length, 1 - 19 / length, 1 - 10 / length)
        let steps = 12
        var points: [(Double, Double)] = []
        func band(_ side: Double) -> [(Double, Double)] {
            (0...steps).map { step in
                let part = Double(step) / Double(steps)
                let (x, y, nx, ny) = at(first + (neck - first) * part)
                let half = side * (0.4 + 0.9 * part)
                return (x + nx * half, y + ny * half)
            }
        }
        points += band(1)
        let (x, y, nx, ny) = at(neck)
        points.append((x + nx * 4.5, y + ny * 4.5))
        let head = at(tip)
        points.append((head.x, head.y))
        points.append((x - nx * 4.5, y - ny * 4.5))
        points += band(-1).reversed()
        var text = ""
        var (px, py) = (0, 0)
        for (index, point) in points.enumerated() {
            let (tx, ty) = (Int((point.0 * 10).rounded()), Int((point.1 * 10).rounded()))
            text += index == 0 ? "M\(Self.tenths(tx)) \(Self.tenths(ty))l" : (index == 1 ? "" : " ") + "\(Self.tenths(tx - px)) \(Self.tenths(ty - py))"
            (px, py) = (tx, ty)
        }
        return text + "z"
    }

    private static func tenths(_ value: Int) -> String {
        let (whole, rest) = (value.magnitude / 10, value.magnitude % 10)
        return (value < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
    }
}
