import Residency

/// A run's sentences are English: `findings.json` has them, and the evidence signs them. In another language a finding is told
/// anew, from its facts, and never by translating a sentence; what only the sentence knows is left to it, beside.
struct Retelling {
    private let language: Language
    private let say: Wording
    /// What each policy promises, by activity.
    private let promises: [String: [Activity: [String]]]

    /// `nil` for English.
    init?(_ policies: [PolicySummary], _ say: Wording) {
        switch say.language {
        case .english: return nil
        case .german: language = .german
        case .french: language = .french
        case .portuguese: language = .portuguese
        }
        self.say = say
        promises = Dictionary(policies.map { ($0.id, $0.require) }, uniquingKeysWith: { first, _ in first })
    }

    /// What a policy promises, a line for each activity: `gespeichert: nur in eu`.
    func promises(of policy: String) -> [String] {
        let clauses = promises[policy] ?? [:]
        return Activity.allCases.compactMap { activity in
            clauses[activity].map { phrase(.only, say.requirement(activity.rawValue), either($0)) }
        }
    }

    /// What is where, what was promised, and what is not known.
    func sentence(_ finding: Finding) -> String {
        guard let activity = Activity(rawValue: finding.requirement) else {
            return finding.requirement == "coverage" ? phrase(.unknownType, "`\(finding.subject.type)`") : phrase(.contradiction)
        }
        let word = say.requirement(activity.rawValue)
        let places = Set(finding.observations.map(\.place)).count
        let place = finding.observations.first.map { Self.place($0.place) } ?? say(.unknownPlace)
        switch finding.verdict {
        case .violated, .waived:
            return phrase(.outside, word, place, promised(finding, activity)) + (places > 1 ? phrase(.morePlaces, say.number(places - 1)) : "")
        case .satisfied:
            if finding.observations.allSatisfy(\.attempted) { return phrase(.seen, word, place) + phrase(.and) + say(.attempted) }
            guard let allowance = finding.allowance else { return phrase(.inside, word, place, promised(finding, activity)) }
            return phrase(.allowed, word, place, allowance.basis)
        case .unresolved:
            let gaps = self.gaps(finding)
            let hint = finding.observations.allSatisfy(\.lowConfidence) ? [say(.lowConfidence)] : []
            let parts = [phrase(.seen, word, place)] + (gaps.isEmpty ? [] : [phrase(.notKnown, gaps.joined(separator: ", "))]) + hint
            return parts.joined(separator: phrase(.and))
        }
    }

    /// What to do about a violation; for anything else the finding's own words stand.
    func remedy(_ finding: Finding) -> String? {
        guard finding.verdict == .violated, let activity = Activity(rawValue: finding.requirement) else { return nil }
        return phrase(.remedy(activity), promised(finding, activity))
    }

    /// What neither the records nor the tables tell of it.
    private func gaps(_ finding: Finding) -> [String] {
        let isNowhere = finding.observations.contains { if case .unknown = $0.place.location { true } else { false } }
        let parts: [(Phrase, Bool)] = [
            (.thePlace, isNowhere), (.theDataClass, finding.subject.data == nil), (.theTenant, finding.subject.data != nil && finding.subject.tenant == nil),
        ]
        return parts.filter(\.1).map { phrase($0.0) }
    }

    private func promised(_ finding: Finding, _ activity: Activity) -> String {
        promises[finding.policy]?[activity].map(either) ?? "`\(finding.policy)`"
    }

    private func either(_ jurisdictions: [String]) -> String { jurisdictions.map { "`\($0)`" }.joined(separator: " \(phrase(.or)) ") }

    private static func place(_ place: Place) -> String {
        let codes = place.location.codes
        return codes.isEmpty || codes.count > 6 ? place.name : "\(place.name) (\(codes.joined(separator: ", ")))"
    }
}

extension Retelling {
    private enum Language { case german, french, portuguese }

    private enum Phrase {
        case only, seen, and, outside, morePlaces, inside, allowed, notKnown, thePlace, theDataClass, theTenant, unknownType, contradiction, or
        case remedy(Activity)
    }

    private func phrase(_ phrase: Phrase, _ arguments: String...) -> String {
        let (german, french, portuguese) = Self.text(phrase)
        let template =
            switch language {
            case .german: german
            case .french: french
            case .portuguese: portuguese
            }
        return Wording.fill(template, arguments)
    }

    private static func text(_ phrase: Phrase) -> (german: String, french: String, portuguese: String) {
        switch phrase {
        case .only: ("{0}: nur in {1}", "{0} : uniquement dans {1}", "{0}: apenas em {1}")
        case .seen: ("{0}: {1}", "{0} : {1}", "{0}: {1}")
        case .and: ("; ", " ; ", "; ")
        case .outside: ("{0}: {1}, außerhalb von {2}", "{0} : {1}, hors de {2}", "{0}: {1}, fora de {2}")
        case .morePlaces: ("; weitere Orte: {0}", " ; autres lieux : {0}", "; outros lugares: {0}")
        case .inside: ("{0}: {1}, innerhalb von {2}", "{0} : {1}, dans {2}", "{0}: {1}, dentro de {2}")
        case .allowed: ("{0}: {1}; die Richtlinie erlaubt es: {2}", "{0} : {1} ; la politique le permet : {2}", "{0}: {1}; a política permite: {2}")
        case .notKnown: ("nicht bekannt: {0}", "non connu : {0}", "não conhecido: {0}")
        case .thePlace: ("der Ort", "le lieu", "o lugar")
        case .theDataClass: ("die Datenklasse", "la classe de données", "a classe de dados")
        case .theTenant: ("der Kunde", "le client", "o cliente")
        case .unknownType:
            (
                "den Typ {0} kennt kein Vektor: was er mit Daten tut, wird nicht beurteilt",
                "aucun vecteur ne connaît le type {0} : ce qu’il fait des données n’est pas jugé",
                "nenhum vetor conhece o tipo {0}: o que ele faz com dados não é julgado"
            )
        case .contradiction:
            ("die Eingaben widersprechen einander", "les entrées se contredisent", "as entradas se contradizem")
        case .or: ("oder", "ou", "ou")
        case .remedy(.stored): ("an einen Ort innerhalb von {0} verlegen", "déplacer vers un lieu dans {0}", "mover para um lugar dentro de {0}")
        case .remedy(.processed):
            (
                "innerhalb von {0} verarbeiten oder den Aufruf in eine Region dort leiten",
                "traiter dans {0}, ou diriger l’appel vers une région qui s’y trouve",
                "processar dentro de {0}, ou dirigir a chamada a uma região ali"
            )
        case .remedy(.copied):
            (
                "die Kopie entfernen oder an einen Ort innerhalb von {0} kopieren", "supprimer la copie, ou copier vers un lieu dans {0}",
                "remover a cópia, ou copiar para um lugar dentro de {0}"
            )
        case .remedy(.backedUp): ("die Sicherung innerhalb von {0} aufbewahren", "conserver la sauvegarde dans {0}", "manter o backup dentro de {0}")
        case .remedy(.keyHeld): ("den Schlüssel nur innerhalb von {0} verwahren", "ne détenir la clé que dans {0}", "guardar a chave apenas dentro de {0}")
        case .remedy(.transferred):
            (
                "die Übermittlung beenden oder ihre Rechtsgrundlage in der Richtlinie unter `allow` eintragen",
                "mettre fin au transfert, ou inscrire sa base juridique dans la politique sous `allow`",
                "cessar a transferência, ou registrar a sua base legal na política, em `allow`"
            )
        case .remedy(.accessed):
            (
                "den Zugriff auf Aufrufer innerhalb von {0} beschränken", "limiter l’accès à des appelants dans {0}",
                "restringir o acesso a quem chama de dentro de {0}"
            )
        case .remedy(.logged): ("die Protokolle an einen Ort innerhalb von {0} senden", "envoyer les journaux vers un lieu dans {0}", "enviar os logs a um lugar dentro de {0}")
        }
    }
}
