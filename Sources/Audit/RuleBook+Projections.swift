import Engine
import Ingest
import Policy

extension RuleBook {
    /// What readers have to project of the events of each provider.
    var projections: Projections {
        let catalogue = catalogue
        return Projections { Observer.projection(catalogue, provider: $0) }
    }
}
