package logs_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// ending is the app's pod, which writes and ends.
func ending() string {
	return strings.Replace(web, "      while :; do sleep 1 & wait $!; done\n", "      sleep 1; echo the job is done >> /var/log/app/app.log\n", 1)
}

// TestJob: a Job completes although its sidecar would run for ever, and nothing
// that it wrote is lost.
func TestJob(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, follow, apps.Job(ending())))
	n.Kubectl("wait", "--for=condition=complete", "--timeout=2m", "job/web")
	pod := n.Reach("app=web", "at its end", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	a := app{n, pod, n.Follow(pod, "log-sidecar")}
	a.printed("first\nthe job is done\n")
	found.Found(t, "a Job with a native sidecar", "completes; its last line arrives")
}
