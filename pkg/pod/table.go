package pod

import (
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Location says where objects of a kind hold pod templates.
type Location struct {
	Group     string // "" is the core group
	Kind      string
	Paths     []string // to PodTemplateSpecs; "." is the object itself
	PlainOnly bool     // the controller takes no init containers that keep running
}

// workload is where most kinds have their template.
const workload = "spec.template"

// ray is a RayCluster's spec, which other kinds embed.
func ray(at string) []string {
	return []string{at + ".headGroupSpec.template", at + ".workerGroupSpecs[*].template"}
}

// builtin lists the kinds that hold real PodTemplateSpecs. Groups are checked:
// a Deployment of another group is not a Deployment.
func builtin() []Location {
	all := []Location{
		{Group: "", Kind: "Pod", Paths: []string{"."}},
		{Group: "", Kind: "PodTemplate", Paths: []string{"template"}},
		{Group: "batch", Kind: "CronJob", Paths: []string{"spec.jobTemplate.spec.template"}},
		{Group: "ray.io", Kind: "RayCluster", Paths: ray("spec")},
		{Group: "ray.io", Kind: "RayJob", Paths: append(ray("spec.rayClusterSpec"), "spec.submitterPodTemplate")},
		{Group: "ray.io", Kind: "RayService", Paths: ray("spec.rayClusterConfig")},
		{Group: "kubeflow.org", Kind: "TFJob", Paths: []string{"spec.tfReplicaSpecs.*.template"}},
		{Group: "kubeflow.org", Kind: "PyTorchJob", Paths: []string{"spec.pytorchReplicaSpecs.*.template"}},
		{Group: "kubeflow.org", Kind: "MPIJob", Paths: []string{"spec.mpiReplicaSpecs.*.template"}},
		{Group: "kubeflow.org", Kind: "XGBoostJob", Paths: []string{"spec.xgbReplicaSpecs.*.template"}},
		{Group: "kubeflow.org", Kind: "PaddleJob", Paths: []string{"spec.paddleReplicaSpecs.*.template"}},
		{Group: "kubeflow.org", Kind: "JAXJob", Paths: []string{"spec.jaxReplicaSpecs.*.template"}},
		{Group: "trainer.kubeflow.org", Kind: "TrainingRuntime", Paths: []string{"spec.template.spec.replicatedJobs[*].template.spec.template"}},
		{Group: "trainer.kubeflow.org", Kind: "ClusterTrainingRuntime", Paths: []string{"spec.template.spec.replicatedJobs[*].template.spec.template"}},
		{Group: "jobset.x-k8s.io", Kind: "JobSet", Paths: []string{"spec.replicatedJobs[*].template.spec.template"}},
		{Group: "leaderworkerset.x-k8s.io", Kind: "LeaderWorkerSet", Paths: []string{"spec.leaderWorkerTemplate.leaderTemplate", "spec.leaderWorkerTemplate.workerTemplate"}},
		{Group: "apps.kruise.io", Kind: "AdvancedCronJob", Paths: []string{"spec.template.jobTemplate.spec.template", "spec.template.broadcastJobTemplate.spec.template"}},
		{Group: "apps.kruise.io", Kind: "UnitedDeployment", Paths: []string{
			"spec.template.statefulSetTemplate.spec.template", "spec.template.advancedStatefulSetTemplate.spec.template",
			"spec.template.cloneSetTemplate.spec.template", "spec.template.deploymentTemplate.spec.template"}},
		{Group: "flink.apache.org", Kind: "FlinkDeployment", Paths: []string{"spec.podTemplate", "spec.jobManager.podTemplate", "spec.taskManager.podTemplate"}},
		{Group: "sparkoperator.k8s.io", Kind: "SparkApplication", Paths: []string{"spec.driver.template", "spec.executor.template"}},
		{Group: "sparkoperator.k8s.io", Kind: "ScheduledSparkApplication", Paths: []string{"spec.template.driver.template", "spec.template.executor.template"}},
		{Group: "elasticsearch.k8s.elastic.co", Kind: "Elasticsearch", Paths: []string{"spec.nodeSets[*].podTemplate"}},
		{Group: "kibana.k8s.elastic.co", Kind: "Kibana", Paths: []string{"spec.podTemplate"}},
		{Group: "apm.k8s.elastic.co", Kind: "ApmServer", Paths: []string{"spec.podTemplate"}},
		{Group: "enterprisesearch.k8s.elastic.co", Kind: "EnterpriseSearch", Paths: []string{"spec.podTemplate"}},
		{Group: "maps.k8s.elastic.co", Kind: "ElasticMapsServer", Paths: []string{"spec.podTemplate"}},
		{Group: "logstash.k8s.elastic.co", Kind: "Logstash", Paths: []string{"spec.podTemplate"}},
		{Group: "beat.k8s.elastic.co", Kind: "Beat", Paths: []string{"spec.deployment.podTemplate", "spec.daemonSet.podTemplate"}},
		{Group: "agent.k8s.elastic.co", Kind: "Agent", Paths: []string{"spec.deployment.podTemplate", "spec.daemonSet.podTemplate", "spec.statefulSet.podTemplate"}},
		{Group: "rabbitmq.com", Kind: "RabbitmqCluster", Paths: []string{"spec.override.statefulSet.spec.template"}},
		{Group: "keda.sh", Kind: "ScaledJob", Paths: []string{"spec.jobTargetRef.template"}},
		{Group: "batch.volcano.sh", Kind: "Job", Paths: []string{"spec.tasks[*].template"}},
		{Group: "agones.dev", Kind: "Fleet", Paths: []string{"spec.template.spec.template"}},
		{Group: "agones.dev", Kind: "GameServerSet", Paths: []string{"spec.template.spec.template"}},
		{Group: "pkg.crossplane.io", Kind: "DeploymentRuntimeConfig", Paths: []string{"spec.deploymentTemplate.spec.template"}},
		{Group: "types.kubefed.io", Kind: "FederatedDeployment", Paths: []string{"spec.template.spec.template"}},
		{Group: "serving.knative.dev", Kind: "Service", Paths: []string{workload}, PlainOnly: true},
		{Group: "serving.knative.dev", Kind: "Configuration", Paths: []string{workload}, PlainOnly: true},
		{Group: "serving.knative.dev", Kind: "Revision", Paths: []string{"."}, PlainOnly: true},
	}
	for group, kinds := range map[string]string{
		"":                    "ReplicationController",
		"apps":                "Deployment ReplicaSet StatefulSet DaemonSet",
		"extensions":          "Deployment ReplicaSet DaemonSet",
		"batch":               "Job",
		"argoproj.io":         "Rollout",
		"apps.openshift.io":   "DeploymentConfig",
		"apps.kruise.io":      "CloneSet StatefulSet DaemonSet BroadcastJob",
		"kubeflow.org":        "Notebook",
		"actions.github.com":  "AutoscalingRunnerSet",
		"agones.dev":          "GameServer",
		"sources.knative.dev": "ContainerSource",
	} {
		for kind := range strings.FieldsSeq(kinds) {
			all = append(all, Location{Group: group, Kind: kind, Paths: []string{workload}})
		}
	}
	return all
}

// closed lists kinds that run pods but take no containers from a template, with
// what a user can do instead.
var closed = []struct{ group, kind, why string }{
	{"argoproj.io", "Workflow", "its templates are no pod templates; use spec.templates[].sidecars"},
	{"argoproj.io", "WorkflowTemplate", "its templates are no pod templates; use spec.templates[].sidecars"},
	{"argoproj.io", "ClusterWorkflowTemplate", "its templates are no pod templates; use spec.templates[].sidecars"},
	{"argoproj.io", "CronWorkflow", "its templates are no pod templates; use spec.workflowSpec.templates[].sidecars"},
	{"kafka.strimzi.io", "Kafka", "Strimzi takes no extra containers"},
	{"kafka.strimzi.io", "KafkaConnect", "Strimzi takes no extra containers"},
	{"postgresql.cnpg.io", "Cluster", "CloudNativePG takes no extra containers; use a plugin"},
	{"monitoring.coreos.com", "Prometheus", "its spec holds containers but no pod template; use spec.containers"},
	{"monitoring.coreos.com", "Alertmanager", "its spec holds containers but no pod template; use spec.containers"},
	{"monitoring.coreos.com", "ThanosRuler", "its spec holds containers but no pod template; use spec.containers"},
	{"tekton.dev", "Task", "its steps are no pod template; use spec.sidecars"},
	{"tekton.dev", "Pipeline", "its tasks are no pod template"},
	{"serving.kserve.io", "InferenceService", "its predictor is no pod template; use spec.predictor.containers"},
	{"apps.kruise.io", "SidecarSet", "it is an injector itself"},
	{"workload.codeflare.dev", "AppWrapper", "it wraps other objects; run on those"},
	{"work.open-cluster-management.io", "ManifestWork", "it wraps other objects; run on those"},
}

// Table finds the pod templates of an object by group and kind.
type Table struct {
	byKind map[string][]row
}

type row struct {
	Location
	paths []edit.Path
}

// NewTable returns the built-in table with more locations added to it.
func NewTable(more ...Location) (*Table, error) {
	t := &Table{byKind: map[string][]row{}}
	for _, l := range append(builtin(), more...) {
		r := row{Location: l}
		for _, text := range l.Paths {
			if text == "." {
				r.paths = append(r.paths, edit.Path{})
				continue
			}
			p, err := edit.ParsePath(text)
			if err != nil {
				return nil, fmt.Errorf("locating pod templates of %s: %w", l.Kind, err)
			}
			r.paths = append(r.paths, p)
		}
		t.byKind[l.Kind] = append(t.byKind[l.Kind], r)
	}
	return t, nil
}

// Holds reports whether objects of that type hold pod templates.
func (t *Table) Holds(apiVersion, kind string) bool {
	return len(t.rows(GroupOf(apiVersion), kind)) > 0
}

// Closed says why objects of that type take no containers although they run
// pods; "" for types of which nothing is known.
func (t *Table) Closed(apiVersion, kind string) string {
	group := GroupOf(apiVersion)
	for _, c := range closed {
		if c.kind == kind && c.group == group {
			return c.why
		}
	}
	return ""
}

func (t *Table) rows(group, kind string) []row {
	rows := t.byKind[kind]
	if !slices.ContainsFunc(rows, func(r row) bool { return r.Group != group }) {
		return rows
	}
	var mine []row
	for _, r := range rows {
		if r.Group == group {
			mine = append(mine, r)
		}
	}
	return mine
}

// GroupOf returns the group of an apiVersion, "" for the core group.
func GroupOf(apiVersion string) string {
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return ""
	}
	return group
}
