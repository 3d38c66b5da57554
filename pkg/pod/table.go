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

// builtin lists the kinds that hold real PodTemplateSpecs: group, kind and paths,
// and "plain" where the controller takes no native sidecars. Groups are checked:
// a Deployment of another group is not a Deployment.
const builtin = `
core                            Pod                       .
core                            ReplicationController     spec.template
core                            PodTemplate               template
apps                            Deployment                spec.template
apps                            ReplicaSet                spec.template
apps                            StatefulSet               spec.template
apps                            DaemonSet                 spec.template
extensions                      Deployment                spec.template
extensions                      ReplicaSet                spec.template
extensions                      DaemonSet                 spec.template
batch                           Job                       spec.template
batch                           CronJob                   spec.jobTemplate.spec.template
argoproj.io                     Rollout                   spec.template
apps.openshift.io               DeploymentConfig          spec.template
apps.kruise.io                  CloneSet                  spec.template
apps.kruise.io                  StatefulSet               spec.template
apps.kruise.io                  DaemonSet                 spec.template
apps.kruise.io                  BroadcastJob              spec.template
apps.kruise.io                  AdvancedCronJob           spec.template.jobTemplate.spec.template spec.template.broadcastJobTemplate.spec.template
apps.kruise.io                  UnitedDeployment          spec.template.statefulSetTemplate.spec.template spec.template.advancedStatefulSetTemplate.spec.template spec.template.cloneSetTemplate.spec.template spec.template.deploymentTemplate.spec.template
ray.io                          RayCluster                spec.headGroupSpec.template spec.workerGroupSpecs[*].template
ray.io                          RayJob                    spec.rayClusterSpec.headGroupSpec.template spec.rayClusterSpec.workerGroupSpecs[*].template spec.submitterPodTemplate
ray.io                          RayService                spec.rayClusterConfig.headGroupSpec.template spec.rayClusterConfig.workerGroupSpecs[*].template
kubeflow.org                    TFJob                     spec.tfReplicaSpecs.*.template
kubeflow.org                    PyTorchJob                spec.pytorchReplicaSpecs.*.template
kubeflow.org                    MPIJob                    spec.mpiReplicaSpecs.*.template
kubeflow.org                    XGBoostJob                spec.xgbReplicaSpecs.*.template
kubeflow.org                    PaddleJob                 spec.paddleReplicaSpecs.*.template
kubeflow.org                    JAXJob                    spec.jaxReplicaSpecs.*.template
kubeflow.org                    Notebook                  spec.template
trainer.kubeflow.org            TrainingRuntime           spec.template.spec.replicatedJobs[*].template.spec.template
trainer.kubeflow.org            ClusterTrainingRuntime    spec.template.spec.replicatedJobs[*].template.spec.template
jobset.x-k8s.io                 JobSet                    spec.replicatedJobs[*].template.spec.template
leaderworkerset.x-k8s.io        LeaderWorkerSet           spec.leaderWorkerTemplate.leaderTemplate spec.leaderWorkerTemplate.workerTemplate
flink.apache.org                FlinkDeployment           spec.podTemplate spec.jobManager.podTemplate spec.taskManager.podTemplate
sparkoperator.k8s.io            SparkApplication          spec.driver.template spec.executor.template
sparkoperator.k8s.io            ScheduledSparkApplication spec.template.driver.template spec.template.executor.template
elasticsearch.k8s.elastic.co    Elasticsearch             spec.nodeSets[*].podTemplate
kibana.k8s.elastic.co           Kibana                    spec.podTemplate
apm.k8s.elastic.co              ApmServer                 spec.podTemplate
enterprisesearch.k8s.elastic.co EnterpriseSearch          spec.podTemplate
maps.k8s.elastic.co             ElasticMapsServer         spec.podTemplate
logstash.k8s.elastic.co         Logstash                  spec.podTemplate
beat.k8s.elastic.co             Beat                      spec.deployment.podTemplate spec.daemonSet.podTemplate
agent.k8s.elastic.co            Agent                     spec.deployment.podTemplate spec.daemonSet.podTemplate spec.statefulSet.podTemplate
rabbitmq.com                    RabbitmqCluster           spec.override.statefulSet.spec.template
keda.sh                         ScaledJob                 spec.jobTargetRef.template
batch.volcano.sh                Job                       spec.tasks[*].template
actions.github.com              AutoscalingRunnerSet      spec.template
agones.dev                      GameServer                spec.template
agones.dev                      GameServerSet             spec.template.spec.template
agones.dev                      Fleet                     spec.template.spec.template
pkg.crossplane.io               DeploymentRuntimeConfig   spec.deploymentTemplate.spec.template
types.kubefed.io                FederatedDeployment       spec.template.spec.template
sources.knative.dev             ContainerSource           spec.template
serving.knative.dev             Service                   spec.template plain
serving.knative.dev             Configuration             spec.template plain
serving.knative.dev             Revision                  . plain
`

// closed lists kinds that run pods but take no containers from a template:
// group, kind, and what a user can do instead.
const closed = `
argoproj.io Workflow its templates are no pod templates; use spec.templates[].sidecars
argoproj.io WorkflowTemplate its templates are no pod templates; use spec.templates[].sidecars
argoproj.io ClusterWorkflowTemplate its templates are no pod templates; use spec.templates[].sidecars
argoproj.io CronWorkflow its templates are no pod templates; use spec.workflowSpec.templates[].sidecars
kafka.strimzi.io Kafka Strimzi takes no extra containers
kafka.strimzi.io KafkaConnect Strimzi takes no extra containers
postgresql.cnpg.io Cluster CloudNativePG takes no extra containers; use a plugin
monitoring.coreos.com Prometheus its spec holds containers but no pod template; use spec.containers
monitoring.coreos.com Alertmanager its spec holds containers but no pod template; use spec.containers
monitoring.coreos.com ThanosRuler its spec holds containers but no pod template; use spec.containers
tekton.dev Task its steps are no pod template; use spec.sidecars
tekton.dev Pipeline its tasks are no pod template
serving.kserve.io InferenceService its predictor is no pod template; use spec.predictor.containers
apps.kruise.io SidecarSet it is an injector itself
workload.codeflare.dev AppWrapper it wraps other objects; run on those
work.open-cluster-management.io ManifestWork it wraps other objects; run on those
`

// locations reads the built-in table.
func locations() []Location {
	var all []Location
	for line := range strings.Lines(builtin) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		l := Location{Group: strings.TrimPrefix(f[0], "core"), Kind: f[1], Paths: f[2:]}
		if last := len(l.Paths) - 1; l.Paths[last] == "plain" {
			l.PlainOnly, l.Paths = true, l.Paths[:last]
		}
		all = append(all, l)
	}
	return all
}

// Table finds the pod templates of an object by group and kind.
type Table struct {
	byKind map[string][]Location
}

// NewTable returns the built-in table with more locations added to it. Their
// paths must be valid; those of the table are read when they are needed.
func NewTable(more ...Location) (*Table, error) {
	for _, l := range more {
		if _, err := l.patterns(); err != nil {
			return nil, fmt.Errorf("locating pod templates of %s: %w", l.Kind, err)
		}
	}
	t := &Table{byKind: map[string][]Location{}}
	for _, l := range append(locations(), more...) {
		t.byKind[l.Kind] = append(t.byKind[l.Kind], l)
	}
	return t, nil
}

// patterns reads the paths of a location.
func (l Location) patterns() ([]edit.Path, error) {
	var all []edit.Path
	for _, text := range l.Paths {
		p := edit.Path{}
		if text != "." {
			var err error
			if p, err = edit.ParsePath(text); err != nil {
				return nil, err
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// Holds reports whether objects of that type hold pod templates.
func (t *Table) Holds(apiVersion, kind string) bool {
	return len(t.rows(GroupOf(apiVersion), kind)) > 0
}

// Closed says why objects of that type take no containers although they run
// pods; "" for types of which nothing is known.
func (t *Table) Closed(apiVersion, kind string) string {
	_, rest, _ := strings.Cut(closed, "\n"+GroupOf(apiVersion)+" "+kind+" ")
	why, _, _ := strings.Cut(rest, "\n")
	return why
}

func (t *Table) rows(group, kind string) []Location {
	rows := t.byKind[kind]
	if !slices.ContainsFunc(rows, func(l Location) bool { return l.Group != group }) {
		return rows
	}
	var mine []Location
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
