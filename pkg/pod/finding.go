package pod

// Severity of a Finding, in the words of the KRM functions specification.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Code names a kind of finding. Codes are stable: scripts match on them.
type Code string

// Every code that a result may carry in its tag "code".
const (
	// Conflicts with what the pod already holds.
	ContainerNameConflict Code = "container-name-conflict"
	VolumeNameConflict    Code = "volume-name-conflict"
	MountPathConflict     Code = "mount-path-conflict"
	MountPathNested       Code = "mount-path-nested"
	PortConflict          Code = "port-conflict"
	PortNameConflict      Code = "port-name-conflict"
	EnvConflict           Code = "env-conflict"
	AnnotationConflict    Code = "annotation-conflict"
	LabelConflict         Code = "label-conflict"
	FieldConflict         Code = "field-conflict"
	ObjectConflict        Code = "object-conflict"
	DoubleInjection       Code = "double-injection"

	// What a person should know although the work is done.
	Drift                 Code = "drift"
	GracePeriodShort      Code = "grace-period-short"
	MasksImageContent     Code = "masks-image-content"
	JobWouldNeverEnd      Code = "job-would-never-complete"
	ImmutablePod          Code = "immutable-pod"
	AliasExpanded         Code = "alias-expanded"
	Reencoded             Code = "reencoded"
	NothingMatched        Code = "nothing-matched"
	VolumeNotShared       Code = "volume-not-shared"
	ContainerUnknown      Code = "container-unknown"
	PlacementUnknown      Code = "placement-unknown"
	Repaired              Code = "repaired"
	Lint                  Code = "lint"
	ServiceRewired        Code = "service-rewired"
	UpstreamUnknown       Code = "upstream-unknown"
	InsecureTransport     Code = "insecure-transport"
	RightsNeeded          Code = "rights-needed"
	TokenNotMounted       Code = "token-not-mounted"
	FollowLink            Code = "follow-link"
	NeverUpdated          Code = "never-updated"
	WouldDelete           Code = "would-delete"
	NotProcessed          Code = "not-processed"
	Outdated              Code = "outdated"
	ObjectAbsent          Code = "object-absent"
	OtherConfig           Code = "other-config"
	NativeNotSupported    Code = "native-not-supported"
	HostNetwork           Code = "host-network"
	AppAssumed            Code = "app-assumed"
	StatusNotExposed      Code = "status-not-exposed"
	EnvHidden             Code = "env-hidden"
	ReservedPort          Code = "reserved-port"
	MeshBlocksScrape      Code = "mesh-blocks-scrape"
	UIDBypassesMesh       Code = "uid-bypasses-mesh"
	MeshWrongPlace        Code = "mesh-wrong-place"
	MeshDeprecatedKey     Code = "mesh-deprecated-key"
	MeshBadValue          Code = "mesh-bad-value"
	MeshNamespaceOff      Code = "mesh-namespace-off"
	MeshDNSPolicy         Code = "mesh-dns-policy"
	MeshNeedsNetAdmin     Code = "mesh-needs-net-admin"
	MeshNoUDP             Code = "mesh-no-udp"
	MeshSeveral           Code = "mesh-several"
	EmptySelector         Code = "empty-selector"
	ServiceUnclear        Code = "service-unclear"
	EntrypointUnknown     Code = "entrypoint-unknown"
	MeshAtAdmission       Code = "mesh-at-admission"
	MeshBlocksInit        Code = "mesh-blocks-init"
	MeshUnknown           Code = "mesh-unknown"
	SecretNotRenewed      Code = "secret-not-renewed"
	SecretReadableByAll   Code = "secret-readable-by-all"
	SecretUnreadable      Code = "secret-unreadable"
	ServiceAccountDefault Code = "service-account-default"
	BroadRights           Code = "broad-rights"
	AnnotationUnknown     Code = "annotation-unknown"
	AnnotationInvalid     Code = "annotation-invalid"
	AnnotationUnused      Code = "annotation-unused"
	AnnotationMisplaced   Code = "annotation-misplaced"
	ObjectsApart          Code = "objects-apart"
	EnvUnknown            Code = "env-unknown"
	VolumeUnknown         Code = "volume-unknown"
	ResourcesUnknown      Code = "resources-unknown"
	PodSecurity           Code = "pod-security"
	ImageNotPinned        Code = "image-not-pinned"
	DefaultedField        Code = "defaulted"
	WaitsForItself        Code = "waits-for-itself"
	RunsInEveryPod        Code = "runs-in-every-pod"
	LockMayStay           Code = "lock-may-stay"
	NotVerified           Code = "not-verified"
	NoContainerAdded      Code = "no-container-added"
	NotRepeatable         Code = "not-repeatable"
	SettingForbidden      Code = "setting-forbidden"
	NothingToDo           Code = "nothing-to-do"

	// Why an object was left alone.
	OptedOut        Code = "opted-out"
	HelmHook        Code = "helm-hook"
	LocalConfig     Code = "local-config"
	NoName          Code = "no-name"
	OSWindows       Code = "os-windows"
	NoContainers    Code = "no-containers"
	NotAnnotated    Code = "not-annotated"
	AlreadyInjected Code = "already-injected"
	NoPodTemplate   Code = "no-pod-template"
	UnsupportedKind Code = "unsupported-kind"
	SkippedConflict Code = "skipped-conflict"

	// Input that cannot be worked on.
	InvalidConfig   Code = "invalid-config"
	InvalidInput    Code = "invalid-input"
	InvalidTemplate Code = "invalid-template"
	InvalidRecord   Code = "invalid-record"
	DuplicateKey    Code = "duplicate-key"
	NotPatchable    Code = "not-patchable"
	InternalError   Code = "internal-error"
)

// Finding is something to tell about an object.
type Finding struct {
	Severity Severity
	Code     Code
	Field    string // path in the object, "" for the object as a whole
	Message  string // what is wrong and what to do
	Owner    string // who says so, as function.instance; "": nobody in particular
	Rule     string // of a linter, such as SC011; "": none
	Verdict  Verdict
	About    *Neighbour // the object that Field is a part of; nil: the one that is worked on
}

// Verdict is what a finding means for the run.
type Verdict string

// The verdicts. Without one, errors fail the run, and nothing else does.
const (
	Fails   Verdict = "fails"
	Passes  Verdict = "passes"
	Ignored Verdict = "ignored" // it is counted, and not told
)

// Fatal reports whether the finding fails the run.
func (f Finding) Fatal() bool { return f.Verdict.Fatal(f.Severity) }

// Fatal reports whether a finding of a severity fails the run.
func (v Verdict) Fatal(s Severity) bool { return v == Fails || v == "" && s == Error }
