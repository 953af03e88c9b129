import Residency

/// A run's sentences are English: `findings.json` has them, and the evidence signs them. In another language a finding is told
/// anew, from its facts, and never by translating a sentence; what only the sentence knows is left to it, beside.
struct Retelling {
    private let language: Language
    private let say: Wording
    /// What each policy promises, by activity.
    private let promises: [String: [Activity: [String]]]
    /// Sentences of the catalogue in the language.
    private let told: [String: String]

    /// `nil` for English.
    init?(_ policies: [PolicySummary], _ say: Wording, _ told: [String: String]) {
        switch say.language {
        case .english: return nil
        case .german: language = .german
        case .french: language = .french
        case .portuguese: language = .portuguese
        }
        self.say = say
        self.told = told
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

    /// Why some findings are unresolved: what is not known of the place, else what is not known of the first of them. `nil` if only
    /// the reason itself tells it.
    func reason(_ reason: String, _ first: Finding) -> String? {
        let isNowhere = first.observations.contains { if case .unknown = $0.place.location { true } else { false } }
        return isNowhere ? sentence(reason) : sentence(first)
    }

    /// What to do about a finding; `nil` if only its own words tell it.
    func remedy(_ finding: Finding) -> String? {
        guard finding.verdict == .violated, let activity = Activity(rawValue: finding.requirement) else { return sentence(finding.remedy) }
        return phrase(.remedy(activity), promised(finding, activity))
    }

    /// A sentence about what the inputs lack or cannot show, from its parts; `nil` if its form is not ours.
    func sentence(_ sentence: String) -> String? {
        if let told = told[sentence] { return told }
        guard let told = CoverageSentence(text: sentence) else { return nil }
        var parts = told.parts
        if [.noLogs, .logGap, .logGaps].contains(told.form) { parts[2] = scope(parts[2]) }
        return CoverageSentence.fill(template(.lack(told.form)), parts)
    }

    /// What a gap in the logs is a gap of.
    func scope(_ scope: String) -> String {
        if scope == LogGap.everything { return phrase(.everything) }
        return scope.hasPrefix(LogGap.account) ? phrase(.account, String(scope.dropFirst(LogGap.account.count))) : scope
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
        case everything, account
        case remedy(Activity)
        case lack(CoverageSentence.Form)
    }

    private func phrase(_ phrase: Phrase, _ arguments: String...) -> String { CoverageSentence.fill(template(phrase), arguments) }

    private func template(_ phrase: Phrase) -> String {
        let (german, french, portuguese) = Self.text(phrase)
        switch language {
        case .german: return german
        case .french: return french
        case .portuguese: return portuguese
        }
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
        case .everything: ("alle Eingaben", "toutes les entrées", "todas as entradas")
        case .account: ("Konto {0}", "compte {0}", "conta {0}")
        case .lack(.account):
            (
                "die Richtlinie `{0}` verlangt das Konto `{1}`, und keine Eingabe spricht davon",
                "la politique `{0}` demande le compte `{1}`, et aucune entrée n’en parle",
                "a política `{0}` exige a conta `{1}`, e nenhuma entrada fala dela"
            )
        case .lack(.region):
            (
                "die Richtlinie `{0}` verlangt die Region `{1}`, und keine Eingabe spricht davon",
                "la politique `{0}` demande la région `{1}`, et aucune entrée n’en parle",
                "a política `{0}` exige a região `{1}`, e nenhuma entrada fala dela"
            )
        case .lack(.noLogs):
            (
                "die Richtlinie `{0}` verlangt Protokolle alle {1}, und es gibt keine ({2})",
                "la politique `{0}` demande des journaux toutes les {1}, et il n’y en a aucun ({2})",
                "a política `{0}` exige logs a cada {1}, e não há nenhum ({2})"
            )
        case .lack(.logGap), .lack(.logGaps):
            (
                "die Richtlinie `{0}` verlangt Protokolle alle {1}; {2}: längere Lücken: {3}",
                "la politique `{0}` demande des journaux toutes les {1} ; {2} : lacunes plus longues : {3}",
                "a política `{0}` exige logs a cada {1}; {2}: lacunas mais longas: {3}"
            )
        case .lack(.guardrail):
            (
                "die Richtlinie `{0}` verlangt für `{1}` eine Sperre, die Daten in den zugesagten Regionen hält, und keine Eingabe zeigt eine",
                "la politique `{0}` demande, pour `{1}`, un garde-fou qui garde les données dans ses régions, et aucune entrée n’en montre",
                "a política `{0}` exige, em `{1}`, uma barreira que mantenha os dados nas suas regiões, e nenhuma entrada mostra uma"
            )
        case .lack(.format):
            (
                "`{0}` hat kein Format, das gelesen wird: Nichts darin wurde beurteilt",
                "`{0}` n’est dans aucun format lu : rien de son contenu n’a été jugé",
                "`{0}` não está em nenhum formato que seja lido: nada nele foi julgado"
            )
        case .lack(.undigestedLog), .lack(.undigestedLogs):
            (
                "Protokolldateien, die in keiner angegebenen Digest-Datei stehen: {0} (etwa `{1}`); sie sind zu neu, oder jemand anderes hat sie dort abgelegt",
                "fichiers journaux qui ne figurent dans aucun fichier de synthèse (digest) fourni : {0} (dont `{1}`) ; ils sont trop récents, ou quelqu’un d’autre les a déposés là",
                "arquivos de log que não constam de nenhum arquivo de resumo (digest) fornecido: {0} (entre eles `{1}`); são recentes demais ou foram postos ali por outra pessoa"
            )
        case .lack(.noDigests):
            (
                "es wurden keine Digest-Dateien von {0} angegeben: Nichts belegt, dass keine Protokolldatei fehlt oder verändert wurde",
                "aucun fichier de synthèse (digest) de {0} n’a été fourni : rien ne prouve qu’aucun fichier journal ne manque ou n’ait été modifié",
                "nenhum arquivo de resumo (digest) do {0} foi fornecido: nada comprova que não falte nem tenha sido alterado nenhum arquivo de log"
            )
        case .lack(.absentObject), .lack(.absentObjects):
            (
                "Objekte, die ein Speicher aufführt und die nicht angegeben wurden: {0} (etwa `{1}`)",
                "objets qu’un stockage répertorie et qui n’ont pas été fournis : {0} (dont `{1}`)",
                "objetos que um armazenamento lista e que não foram fornecidos: {0} (entre eles `{1}`)"
            )
        case .lack(.table):
            (
                "die Prüfsumme der Tabelle `{0}` ist die dessen, was darin gezählt wurde: Nichts belegt, dass es der Inhalt der Protokolle ist",
                "l’empreinte de la table `{0}` est celle de ce qui y a été compté : rien ne prouve que ce soit bien le contenu des journaux",
                "o resumo criptográfico da tabela `{0}` é o do que foi contado nela: nada comprova que seja o conteúdo dos logs"
            )
        case .lack(.unjudgedActions):
            (
                "Arten protokollierter Aktionen, die kein Vektor beurteilt: {0}",
                "types d’actions journalisées qu’aucun vecteur ne juge : {0}",
                "tipos de ação registrada que nenhum vetor julga: {0}"
            )
        case .lack(.unlisted):
            (
                "`{0}` steht nicht im Inventar, der Ort ist daher nicht bekannt",
                "`{0}` n’est pas dans l’inventaire : on ne peut dire où cela se trouve",
                "`{0}` não está no inventário, por isso não se sabe onde fica"
            )
        case .lack(.severalPlaces):
            (
                "mehrere Ressourcen heißen `{0}`, an verschiedenen Orten",
                "plusieurs ressources s’appellent `{0}`, dans des lieux différents",
                "vários recursos se chamam `{0}`, em lugares diferentes"
            )
        case .lack(.unknownHost):
            (
                "keine Tabelle sagt, wo der Host `{0}` ist", "aucune table ne dit où se trouve l’hôte `{0}`",
                "nenhuma tabela diz onde fica o host `{0}`"
            )
        case .lack(.tellClass):
            (
                "die Datenklasse von {0} als Tag angeben (`data-class`), es in einer Datei `subjects` nennen oder das Inventar angeben, in dem es steht",
                "indiquer la classe de données de {0} par une étiquette (`data-class`), le nommer dans un fichier `subjects`, ou fournir l’inventaire où il figure",
                "indicar a classe de dados de {0} com uma tag (`data-class`), nomeá-lo em um arquivo `subjects`, ou fornecer o inventário em que ele consta"
            )
        case .lack(.tellTenant):
            (
                "den Kunden von {0} als Tag angeben oder in einer Datei `subjects` oder `tenants` nennen",
                "indiquer le client de {0} par une étiquette, ou le nommer dans un fichier `subjects` ou `tenants`",
                "indicar o cliente de {0} com uma tag, ou nomeá-lo em um arquivo `subjects` ou `tenants`"
            )
        case .lack(.tellPlace):
            (
                "das Inventar oder die Datei der Orte angeben, die es sagt, oder es selbst sagen (`--region`); siehe „Why something is unresolved“ in docs/catalogue.md",
                "fournir l’inventaire ou le fichier de lieux qui le dit, ou l’indiquer (`--region`) ; voir « Why something is unresolved » dans docs/catalogue.md",
                "fornecer o inventário ou o arquivo de lugares que o diz, ou informá-lo (`--region`); ver “Why something is unresolved” em docs/catalogue.md"
            )
        case .lack(.tellGround):
            (
                "an einen Ort innerhalb von {0} verlegen oder in der Richtlinie unter `allow` eintragen, was es erlaubt und bis wann",
                "déplacer vers un lieu dans {0}, ou inscrire sous `allow` dans la politique ce qui le rend licite, avec son terme",
                "mover para um lugar dentro de {0}, ou registrar em `allow`, na política, o que o torna lícito, com o seu prazo"
            )
        case .lack(.tellUse):
            (
                "prüfen, wozu es dient: Gehen Daten dorthin, dies beenden oder in der Richtlinie erlauben; andernfalls mit einem Vektor sagen, dass keine dorthin gehen",
                "voir à quoi cela sert : si des données y vont, l’arrêter ou l’autoriser dans la politique ; sinon, le dire par un vecteur",
                "ver para que serve: se dados vão para lá, impedir ou permitir na política; se não vão, dizê-lo com um vetor"
            )
        case .lack(.tellVector):
            (
                "einen Vektor für `{0}` in den Katalog aufnehmen oder den Typ unter `types` nennen, wenn er keine Kundendaten hält",
                "ajouter au catalogue un vecteur pour `{0}`, ou inscrire le type sous `types` s’il ne contient pas de données de clients",
                "acrescentar ao catálogo um vetor para `{0}`, ou listar o tipo em `types` se ele não contém dados de clientes"
            )
        case .lack(.tellRight):
            (
                "feststellen, was stimmt: ein altes Inventar oder eines von einem anderen Konto, oder etwas Gleichnamiges an einem anderen Ort",
                "établir ce qui est exact : un inventaire ancien ou d’un autre compte, ou une chose de même nom ailleurs",
                "apurar o que está certo: um inventário antigo ou de outra conta, ou algo de mesmo nome em outro lugar"
            )
        case .lack(.mendRegister):
            (
                "das Register berichtigen oder an den Standort senden, den es nennt",
                "corriger le registre, ou envoyer au site qu’il nomme",
                "corrigir o registro, ou enviar ao local que ele indica"
            )
        case .lack(.mendWrong): ("berichtigen, was falsch ist", "corriger ce qui est faux", "corrigir o que está errado")
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
