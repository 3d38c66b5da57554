package mesh

import (
	"testing"
)

// testKinds: the pods of every kind of workload get the proxy.
func testKinds(t *testing.T) {
	t.Helper()
	cluster := install(t, nativeNode)
	const containers = "containers: [{name: app, image: shop/app:1.4}]"
	template := "template: {metadata: {labels: {app: web}}, spec: {" + containers + "}}"
	job := "template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Never, " + containers + "}}"
	for apiVersion, kinds := range map[string]map[string]string{
		"v1":                      {"Pod": containers, "ReplicationController": template},
		"apps/v1":                 {"Deployment": template, "ReplicaSet": template, "StatefulSet": template, "DaemonSet": template},
		"batch/v1":                {"Job": job, "CronJob": "schedule: '@daily', jobTemplate: {spec: {" + job + "}}"},
		"argoproj.io/v1alpha1":    {"Rollout": template},
		"apps.openshift.io/v1":    {"DeploymentConfig": template},
		"serving.knative.dev/v1":  {"Service": template},
		"apps.kruise.io/v1alpha1": {"CloneSet": template},
	} {
		for kind, spec := range kinds {
			t.Run(kind, func(t *testing.T) {
				in := "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: web, namespace: shop}\nspec: {" + spec + "}\n"
				if got := revision(t, admit(t, cluster, in)); got != "" {
					t.Errorf("without the function the proxy is of revision %q", got)
				}
				out, _ := run(t, config("{mesh: istio}"), in)
				if got := revision(t, admit(t, cluster, out)); got != "default" {
					t.Errorf("the proxy is of revision %q:\n%s", got, out)
				}
			})
		}
	}
}
