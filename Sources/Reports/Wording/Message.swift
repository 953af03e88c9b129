import Residency

/// Every fixed text of the report that people read. Each language has one exhaustive `switch`, so that a text which lacks a
/// translation does not compile.
enum Message: CaseIterable {
    // The frame
    case title, scopeTenant, scopePeriod, scopeAll, asOf, runLabel, toolLabel, contents, skip
    // The answer
    case answer, kept, notKept, notProven, keptWhy, notKeptWhy, notProvenWhy, reasons, reasonCounted, reasonAt
    case shortfallReason, malformedReason, noReason, byPolicy, policy, outcome
    // The verdicts
    case satisfied, violated, unresolved, waived, allowed, attempted, lowConfidence
    // What was promised
    case promised, promisedLead, legalBasis, noPolicies
    // Coverage
    case coverage, coverageLead, lookedAt, notLookedAt, accounts, regions, resources, events, typesKnown, typesUnknown
    case actionsKnown, actionsUnknown, unclassified, logPeriod, noLogs, gaps, malformed, shortfalls, blindSpots, nothingKnownMissing
    case andMore, remarks, none
    // The pictures
    case mapTitle, mapLead, mapFlows, matrixSigns, matrixTitle, matrixLead, place, countries, unknownPlace, timelineTitle, timelineLead
    case mapInside, mapOutside, mapUnknown, mapExcused
    // The findings
    case findings, findingsLead, noneViolated, noneUnresolved, severity, subject, whatIsWhere, seenIn, toDo, tenant, seenTimes
    case unresolvedLead, reason, number, satisfiedTitle, satisfiedLead, requirement, listedOf, fixedSince, newSince, changeTitle
    case changeLead, filterLabel, observed, subjectsCounted
    // Exceptions
    case exceptions, exceptionsLead, noExceptions, kind, covers, owner, until, state, used, unused, expired, expiring, waiver
    case allowance, excuses
    // Inputs and verification
    case inputs, inputsLead, file, format, records, bytes, digest, verify, verifySigned, verifyUnsigned, verifyAgain, key
    case catalogue, jurisdictions
    // The glossary
    case glossary, termRecord, termPlace, termJurisdiction, termActivity, termFinding, termSatisfied, termViolated, termUnresolved
    case termWaived, termAllowed
    case actStored, actProcessed, actCopied, actBackedUp, actKeyHeld, actTransferred, actAccessed, actLogged
    // The runs of a period
    case historyTitle, historyLead, time, unchangedRuns
    // What holds a launch back
    case readyTitle, readyBlocked, readyUnknown, readyAbsent, readyWaived, readyReady, readyBlockedWhy, readyUnknownWhy, readyShort, readyWaivedWhy, readyReadyWhy
    case couldOpen, opensWithout, system, noSystem, elsewhere, systemsTitle, systemCounts, parityTitle, parityLead, lacking, wholeSystem, waiverNote
    // What requirements are called
    case wordStored, wordProcessed, wordCopied, wordBackedUp, wordKeyHeld, wordTransferred, wordAccessed, wordLogged, wordCoverage, wordCrossCheck
    case quoted, wording
    // Severities
    case info, low, medium, high, critical

    static func of(_ verdict: Verdict) -> Message {
        switch verdict {
        case .satisfied: .satisfied
        case .violated: .violated
        case .unresolved: .unresolved
        case .waived: .waived
        }
    }

    static func of(_ severity: Severity) -> Message {
        switch severity {
        case .info: .info
        case .low: .low
        case .medium: .medium
        case .high: .high
        case .critical: .critical
        }
    }

    static func of(_ state: ExceptionSummary.State) -> Message {
        switch state {
        case .used: .used
        case .unused: .unused
        case .expired: .expired
        case .expiring: .expiring
        }
    }

    static func of(_ state: Readiness.State) -> Message {
        switch state {
        case .blocked: .readyBlocked
        case .unknown: .readyUnknown
        case .absent: .readyAbsent
        case .waived: .readyWaived
        case .ready: .readyReady
        }
    }

    static func of(_ outcome: Run.Outcome) -> Message {
        switch outcome {
        case .proven: .kept
        case .violated: .notKept
        case .notProven: .notProven
        }
    }

    static func meaning(_ activity: Activity) -> Message {
        switch activity {
        case .stored: .actStored
        case .processed: .actProcessed
        case .copied: .actCopied
        case .backedUp: .actBackedUp
        case .keyHeld: .actKeyHeld
        case .transferred: .actTransferred
        case .accessed: .actAccessed
        case .logged: .actLogged
        }
    }

    static func word(_ activity: Activity) -> Message {
        switch activity {
        case .stored: .wordStored
        case .processed: .wordProcessed
        case .copied: .wordCopied
        case .backedUp: .wordBackedUp
        case .keyHeld: .wordKeyHeld
        case .transferred: .wordTransferred
        case .accessed: .wordAccessed
        case .logged: .wordLogged
        }
    }
}
