package initcontainer

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Resource is an object of Kubernetes to wait for. The pod's service account gets
// the right to read it.
type Resource struct {
	// APIVersion of the object. Default: that of the kinds that Kubernetes has.
	// +krm-sidecars:text=no-blanks
	APIVersion string `json:"apiVersion,omitempty"`
	// Kind of the object. Required.
	// +required
	// +krm-sidecars:text=core-kind
	Kind string `json:"kind,omitempty"`
	// Name of the object. Required.
	// +required
	// +krm-sidecars:text=object-name
	Name string `json:"name,omitempty"`
	// Namespace of the object. Default: that of the pods. The right to read in
	// another one has to be given by hand.
	// +krm-sidecars:text=dns-label
	Namespace string `json:"namespace,omitempty"`
	// Condition is the type of a condition that has to be True, such as Complete or
	// Ready. Default: Complete of a Job, Available of a Deployment, Ready of a Pod or
	// Node, Established of a CustomResourceDefinition; of others, that they exist.
	// +krm-sidecars:text=word
	Condition string `json:"condition,omitempty"`
	// JSONPath is what has to be true of the object instead, such as
	// {.status.phase}=Bound.
	// +krm-sidecars:text=single-line
	JSONPath string `json:"jsonPath,omitempty"`
	// Exists is all that is waited for. Default false.
	Exists bool `json:"exists,omitempty"`
}

// known is a kind of Kubernetes.
type known struct{ kind, apiVersion, plural, condition string }

// knownKinds is the table.
func knownKinds() []known {
	return []known{
		{"Job", "batch/v1", "jobs", "Complete"},
		{"CronJob", "batch/v1", "cronjobs", ""},
		{"Pod", "v1", "pods", "Ready"},
		{"Service", "v1", "services", ""},
		{"ConfigMap", "v1", "configmaps", ""},
		{"Secret", "v1", "secrets", ""},
		{"PersistentVolumeClaim", "v1", "persistentvolumeclaims", ""},
		{"ServiceAccount", "v1", "serviceaccounts", ""},
		{"Deployment", "apps/v1", "deployments", "Available"},
		{"StatefulSet", "apps/v1", "statefulsets", ""},
		{"DaemonSet", "apps/v1", "daemonsets", ""},
		{"ReplicaSet", "apps/v1", "replicasets", ""},
		{"Ingress", "networking.k8s.io/v1", "ingresses", ""},
		{"NetworkPolicy", "networking.k8s.io/v1", "networkpolicies", ""},
	}
}

// find returns the row of a kind of Kubernetes.
func (r *Resource) find() (known, bool) {
	for _, k := range knownKinds() {
		if k.kind == r.Kind && (r.APIVersion == "" || pod.GroupOf(r.APIVersion) == pod.GroupOf(k.apiVersion)) {
			return k, true
		}
	}
	return known{}, false
}

// setDefaults fills in what the user left open.
func (r *Resource) setDefaults() {
	if r == nil {
		return
	}
	k, _ := r.find()
	if r.APIVersion == "" {
		r.APIVersion = k.apiVersion
	}
	if r.Condition == "" && r.JSONPath == "" && !r.Exists {
		r.Condition = k.condition
	}
}

func (r *Resource) validate() config.Errors {
	var errs config.Errors
	for _, f := range []struct {
		field, text, example string
		check                config.Check
	}{{"kind", r.Kind, "Job", kindName}, {"name", r.Name, "migrate", config.ObjectName}} {
		if f.text == "" {
			errs.Addf(f.field, "missing; write it like %s", f.example)
		}
		errs = append(errs, config.Each(f.field, f.text, f.check)...)
	}
	if _, ok := r.find(); !ok && r.Kind != "" && r.APIVersion == "" {
		errs.Addf("apiVersion", "missing; kind %s is none of those that are known without it", r.Kind)
	}
	errs = append(errs, config.Each("apiVersion", r.APIVersion, apiVersion)...)
	errs = append(errs, config.Each("namespace", r.Namespace, config.DNSLabel)...)
	errs = append(errs, config.Each("condition", r.Condition, config.LabelValue)...)
	errs = append(errs, config.Each("jsonPath", r.JSONPath, config.SingleLine, jsonPath)...)
	return append(errs, r.validateUntil()...)
}

// validateUntil checks that one thing is waited for.
func (r *Resource) validateUntil() config.Errors {
	var errs config.Errors
	var until []string
	for _, u := range []struct {
		field string
		set   bool
	}{{"condition", r.Condition != ""}, {"jsonPath", r.JSONPath != ""}, {"exists", r.Exists}} {
		if u.set {
			until = append(until, u.field)
		}
	}
	if len(until) > 1 {
		errs.Addf("", "holds %s; keep one of them", strings.Join(until, " and "))
	}
	return errs
}

// kindName is a kind as Kubernetes writes them.
func kindName(text string) string {
	if !kindForm().MatchString(text) {
		return "is no kind; write it like Job"
	}
	return ""
}

// apiVersion is a group and a version.
func apiVersion(text string) string {
	if !versionForm().MatchString(text) {
		return "is no apiVersion; write it like batch/v1"
	}
	return ""
}

var (
	kindForm    = lazyre.New(`^[A-Z][A-Za-z0-9]*$`)
	versionForm = lazyre.New(`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[a-z0-9]+$`)
)

func jsonPath(text string) string {
	if !strings.HasPrefix(text, "{") || !strings.Contains(text, "}") {
		return "is no condition on the object; write it like {.status.phase}=Bound"
	}
	return ""
}

// plural is the name of the kind in the API. Of those that are not known it is
// made as Kubernetes' own tools make it.
func (r *Resource) plural() string {
	if k, ok := r.find(); ok {
		return k.plural
	}
	word := strings.ToLower(r.Kind)
	switch {
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"), strings.HasSuffix(word, "sh"):
		return word + "es"
	case strings.HasSuffix(word, "y"):
		return strings.TrimSuffix(word, "y") + "ies"
	default:
		return word + "s"
	}
}

// add adds a container that waits until the object exists, since kubectl fails
// at once where it does not, and one that waits for the rest. Containers of one
// config stand in the order of their names.
func (r *Resource) add(p *plan, alone bool) {
	word := ""
	if !alone {
		word = strings.ToLower(r.Kind) + " " + r.Name
	}
	r.run(p, word, "create")
	switch {
	case r.JSONPath != "":
		r.run(p, word+" fits", "jsonpath="+r.JSONPath)
	case r.Condition != "":
		r.run(p, word+" "+r.Condition, "condition="+r.Condition)
	}
	r.allow(p)
}

func (r *Resource) run(p *plan, more, until string) {
	c := p.container(more, images.Get("kubectl"), medium)
	c.Args = []string{"wait", "--for=" + until, r.plural() + groupSuffix(r.APIVersion) + "/" + r.Name, "--timeout=" + p.timeout() + "s"}
	if r.Namespace != "" {
		c.Args = append(c.Args, "--namespace="+r.Namespace)
	}
	c.Args = inject.Literals(c.Args)
	p.mountToken(&c)
	p.run(c, inject.RankPrepare)
}

func groupSuffix(apiVersion string) string {
	if group := pod.GroupOf(apiVersion); group != "" {
		return "." + group
	}
	return ""
}

// allow lets the pod read the object, and nothing else.
func (r *Resource) allow(p *plan) {
	if r.Namespace != "" && r.Namespace != p.namespace() {
		p.Findf(pod.Warning, pod.ObjectsApart, "%s %s is in namespace %s, where this function gives no rights: let the ServiceAccount of the pods get, list and watch it there, by a Role and a RoleBinding", r.Kind, r.Name, r.Namespace)
		return
	}
	p.grant(strings.ToLower(r.Kind)+" "+r.Name, rbacv1.PolicyRule{
		APIGroups: []string{pod.GroupOf(r.APIVersion)}, Resources: []string{r.plural()},
		ResourceNames: []string{r.Name}, Verbs: []string{"get", "list", "watch"}})
}

// tokenDir is where programs look for the token of their service account.
const tokenDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// mountToken gives a container the token of the service account, whether or not
// the app gets it.
func (p *plan) mountToken(c *corev1.Container) {
	lifetime := int64(3600)
	p.Injection.AddVolume(p.label("token"), corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: &lifetime, Path: "token"}},
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
			Items: []corev1.KeyToPath{{Key: caKey, Path: caKey}}}},
		{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
			{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}}}}},
	}}})
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: p.label("token"), MountPath: tokenDir, ReadOnly: true})
}
