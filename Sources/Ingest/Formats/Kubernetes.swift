public import CEL
public import Residency
import Yams

/// Kubernetes objects: manifests (YAML of several documents, JSON), `kubectl get -o json` or `-o yaml`, lists of one kind.
///
///     apiVersion: v1
///     kind: Node
///     metadata: {name: worker-1, labels: {topology.kubernetes.io/region: eu-west-1}}
///     spec: {providerID: "aws:///eu-west-1a/i-0abc"}
enum Kubernetes: InputFormat {
    static let id = "kubernetes"
    static let title = "Kubernetes objects"

    static func recognises(_ head: Head) -> Bool {
        if let object = head.candidates.first { return isObject(object, head) }
        let lines = head.lines(3000)
        // A template of a chart is not what it makes.
        if lines.first(where: { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#") })?.hasPrefix("{{") == true { return false }
        return lines.contains { $0.hasPrefix("apiVersion:") || $0.hasPrefix("- apiVersion:") }
            && lines.contains { $0.hasPrefix("kind:") || $0.hasPrefix("  kind:") }
    }

    private static func isObject(_ object: Head.Object, _ head: Head) -> Bool {
        if object.has("apiVersion"), object.has("kind") {
            // Audit events are a log.
            let version = object.members["apiVersion"].flatMap { head.text(at: $0) } ?? ""
            return !version.hasPrefix("audit.k8s.io/")
        }
        // Some collectors leave the kind out; the link or the version of the stored object tells.
        if object.has("metadata"), let at = object.members["items"], let element = head.firstElement(at: at), let item = head.object(at: element) {
            return item.has("metadata") && isObject(item, head)
        }
        guard let at = object.members["metadata"], let metadata = head.object(at: at) else { return false }
        return metadata.has("name") && (metadata.has("selfLink") || metadata.has("resourceVersion") || metadata.has("uid"))
            && (object.has("spec") || object.has("status") || object.has("provisioner"))
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let first = session.window.bytes.first { !($0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf) }
        var reading = KubernetesReading(session: session)
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            // A list of one kind says it once, before its items.
            let head = Head(session.window.bytes, scanner: session.scanner)
            let list = head.candidates.first
            let kind = list?.members["kind"].flatMap { head.text(at: $0) } ?? ""
            if list?.has("items") == true, kind.hasSuffix("List"), kind != "List" {
                reading.listed = (String(kind.dropLast(4)), list?.members["apiVersion"].flatMap { head.text(at: $0) } ?? "v1")
            }
            let take = reading
            return try ValueWalk.walk(session, lists: ["items"]) { value, place in
                take.take(value, place.pointer, inside: place.list.isEmpty ? "" : place.pointer, byte: place.byte, line: nil)
            }
        }
        try YAMLStream.walk(session) { document in
            document.read(session) { (node, budget) throws(YAMLText.Fault) in
                let value = try YAMLText.value(node, &budget)
                if let elements = value.elements {
                    for (index, element) in elements.enumerated() {
                        reading.take(element, "\(document.place)/\(index)", inside: document.place, byte: document.byte, line: document.line)
                    }
                } else {
                    reading.take(value, document.place, inside: document.place, byte: document.byte, line: document.line)
                }
            }
        }
    }
}

/// The reading of one input of objects.
private struct KubernetesReading {
    let session: ReadSession
    /// The kind and version of the items of a list that leaves them out.
    var listed: (kind: String, version: String)?

    func take(_ value: Value, _ pointer: String, inside: String, byte: Int, line: Int?) {
        if let items = value.member("items")?.elements, value.text("kind")?.hasSuffix("List") != false, value.member("spec") == nil {
            let kind = value.text("kind").map { String($0.dropLast(4)) } ?? ""
            for (index, item) in items.enumerated() {
                // Lists of one kind leave it out of their items.
                let named = item.text("kind") == nil && !kind.isEmpty ? item.with([("kind", .string(kind)), ("apiVersion", value.member("apiVersion") ?? "v1")]) : item
                take(named, "\(pointer == inside || !pointer.hasPrefix("line:") ? pointer : "")/items/\(index)", inside: inside, byte: byte, line: line)
            }
            return
        }
        let metadata = value.member("metadata") ?? .null
        guard let kind = value.text("kind") ?? listed?.kind ?? Self.kind(ofLink: metadata.text("selfLink")) ?? Self.kind(ofShape: value),
            let name = metadata.text("name") ?? metadata.text("generateName")
        else {
            let message = "a record without `kind` and `metadata.name` is not a Kubernetes object"
            if let line { return session.malformed(line: line, place: pointer, message) }
            return session.malformed(byte: byte, place: pointer, message)
        }
        let version = value.text("apiVersion") ?? (value.text("kind") == nil ? listed?.version : nil) ?? ""
        let group = version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
        let type = group.isEmpty ? kind : "\(group)/\(kind)"
        let namespace = metadata.text("namespace") ?? ""
        let id = namespace.isEmpty ? "\(kind)/\(name)" : "\(namespace)/\(kind)/\(name)"
        let provider = value.at("spec/providerID")?.stringValue ?? ""
        let topology = Topology(value, providerID: provider, stated: session.plan.stated.region)
        let item = InventoryItem(
            provider: "kubernetes", type: type, id: id, name: name,
            names: ["\(kind)/\(name)", provider, metadata.text("uid"), provider.isEmpty ? nil : provider.lastPart], account: session.plan.stated.account ?? "",
            place: topology.place, tags: (metadata.member("labels") ?? .null).tagTexts)
        let shared: [(String, Value)] = [("kind", .string(kind)), ("namespace", .string(namespace))] + topology.attributes
        session.give(item, value.with(shared), pointer: pointer)
    }

    /// `/api/v1/nodes/worker-0` tells a Node.
    private static func kind(ofLink link: String?) -> String? {
        guard let link else { return nil }
        let parts = link.split(separator: "/").map(String.init)
        guard parts.count >= 2 else { return nil }
        return plurals[parts[parts.count - 2]]
    }

    private static let plurals = [
        "nodes": "Node", "persistentvolumes": "PersistentVolume", "persistentvolumeclaims": "PersistentVolumeClaim", "pods": "Pod",
        "services": "Service", "namespaces": "Namespace", "storageclasses": "StorageClass", "deployments": "Deployment",
        "statefulsets": "StatefulSet", "ingresses": "Ingress", "infrastructures": "Infrastructure", "featuregates": "FeatureGate",
        "networks": "Network", "clusterversions": "ClusterVersion", "poddisruptionbudgets": "PodDisruptionBudget",
        "cephclusters": "CephCluster", "storageclusters": "StorageCluster", "configmaps": "ConfigMap", "secrets": "Secret",
    ]

    /// What only one kind has.
    private static func kind(ofShape value: Value) -> String? {
        if value.member("provisioner") != nil { return "StorageClass" }
        if value.at("status/nodeInfo") != nil || value.at("spec/providerID") != nil { return "Node" }
        if value.at("spec/persistentVolumeReclaimPolicy") != nil { return "PersistentVolume" }
        if value.at("spec/containers") != nil { return "Pod" }
        return value.member("spec") == nil && value.member("status") == nil ? nil : "Object"
    }
}

/// Where an object says it is: by its labels, its volume's node affinity, its node selector, its provider's id.
private struct Topology {
    var cloud = ""
    var zone: String?
    var place: PlaceReference

    /// What expressions see of it.
    var attributes: [(String, Value)] { [("cloud", .string(cloud)), ("zone", .string(zone ?? "")), ("place", .string(place.text))] }

    private static let regions = ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"]
    private static let zones = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]

    /// Drivers of volumes have topologies of their own: `topology.ebs.csi.aws.com/zone`.
    private static func isZone(_ key: String) -> Bool { zones.contains(key) || (key.hasPrefix("topology.") && key.hasSuffix("/zone")) }

    init(_ object: Value, providerID: String, stated: String?) {
        let parts = providerID.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let labels = [object.at("metadata/labels"), object.at("spec/nodeSelector"), object.at("spec/template/spec/nodeSelector")]
        var region = Self.labelled(labels, Self.regions)
        zone = Self.labelled(labels, Self.zones)
        for term in Self.affinities(object) {
            for expression in term.member("matchExpressions")?.elements ?? [] {
                guard let key = expression.text("key"), let values = expression.member("values")?.elements, values.count == 1,
                    expression.text("operator") == "In"
                else { continue }
                if Self.regions.contains(key) { region = region ?? values[0].stringValue }
                if Self.isZone(key) { zone = zone ?? values[0].stringValue }
            }
        }
        switch parts.first {
        case "aws:":
            cloud = "aws"
            if parts.count == 3 { zone = zone ?? parts[1] }
        case "gce:":
            cloud = "gcp"
            if parts.count == 4 { zone = zone ?? parts[2] }
        case "azure:": cloud = "azure"
        default: cloud = Self.cloud(ofVolume: object) ?? ""
        }
        let (known, named) = (cloud, region ?? zone)
        if let named, !known.isEmpty {
            place = .region(provider: known, name: known == "aws" ? AmazonName.region(ofZone: named) : named)
        } else if let named {
            // Without a provider the name is looked up as it is written: which cloud has such a region?
            place = Self.guess(named).map { .region(provider: $0, name: named) } ?? .unknown("`\(named)` is a region of a provider that is not named")
            if case .region(let provider, _) = place { cloud = provider }
        } else if let stated {
            let provider = Self.guess(stated) ?? ""
            cloud = cloud.isEmpty ? provider : cloud
            place = cloud.isEmpty ? .unknown("`\(stated)` is a region of a provider that is not named") : .region(provider: cloud, name: stated)
        } else {
            place = .unknown("the object does not say where it runs; give the region")
        }
    }

    private static func labelled(_ maps: [Value?], _ names: [String]) -> String? {
        for map in maps { for name in names { if let text = map?.text(name) { return text } } }
        return nil
    }

    private static func affinities(_ object: Value) -> [Value] {
        let volume = object.at("spec/nodeAffinity/required/nodeSelectorTerms")?.elements ?? []
        let rule = "affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms"
        let pod = (object.at("spec/" + rule) ?? object.at("spec/template/spec/" + rule))?.elements ?? []
        let topologies = object.member("allowedTopologies")?.elements ?? []
        let classes = topologies.map { term in
            Value.object([
                ("matchExpressions", .array((term.member("matchLabelExpressions")?.elements ?? []).map { $0.with([("operator", "In")]) }))
            ])
        }
        // Of several terms any may hold, so that only one alone tells a place.
        return [volume, pod, classes].flatMap { $0.count == 1 ? $0 : [] }
    }

    private static func cloud(ofVolume object: Value) -> String? {
        let driver = object.at("spec/csi/driver")?.stringValue ?? object.text("provisioner") ?? ""
        if driver.contains("aws") || object.at("spec/awsElasticBlockStore") != nil { return "aws" }
        if driver.contains("gke") || driver.contains("gce") || object.at("spec/gcePersistentDisk") != nil { return "gcp" }
        if driver.contains("azure") || object.at("spec/azureDisk") != nil { return "azure" }
        return nil
    }

    /// The provider whose regions look like this: `eu-west-1`, `europe-west3`, `westeurope`.
    private static func guess(_ region: String) -> String? {
        let parts = region.split(separator: "-")
        if parts.count >= 3, parts[0].count == 2, parts[2].first?.isNumber == true { return "aws" }
        let continents: Set<Substring> = ["europe", "us", "asia", "australia", "northamerica", "southamerica", "me", "africa"]
        if parts.count >= 2, let first = parts.first, continents.contains(first), parts[1].last?.isNumber == true { return "gcp" }
        return nil
    }
}

/// What readers make of a record's other attributes.
public enum DerivedAttributes {
    /// The attributes of a record after an edit, with what its reader makes of others made anew: the place of a manifest comes from
    /// its labels and selectors. `nil` for records whose attributes are as they were written.
    public static func refreshed(_ resource: Resource, _ attributes: Value, stated: StatedOrigin) -> Value? {
        guard resource.provider == "kubernetes" else { return nil }
        let topology = Topology(attributes, providerID: attributes.at("spec/providerID")?.stringValue ?? "", stated: stated.region)
        let region = if case .region(_, let name) = topology.place { name } else { "" }
        let tags = (attributes.at("metadata/labels") ?? .null).tagTexts
        return attributes.with(topology.attributes + [("region", .string(region)), ("tags", .texts(tags))])
    }
}
