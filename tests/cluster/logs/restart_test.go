package logs_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestRestarts: a sidecar that ends starts anew, and prints the file from its
// beginning. The app goes on.
func TestRestarts(t *testing.T) {
	for _, as := range []string{"native", "container"} {
		t.Run(as, func(t *testing.T) {
			a := run(t, follow+"  injectAs: "+as+"\n", web)
			a.seen("first")
			a.n.Exec(a.pod.Name, "log-sidecar", "kill", "1")
			a.n.WaitFor("the sidecar to start anew", func() error { return a.restarted("log-sidecar 1", "app 0") })
			a.does("echo after the restart >> /var/log/app/app.log")
			a.n.WaitFor("all lines", func() error {
				if text := a.n.TryKubectl("logs", a.pod.Name, "-c", "log-sidecar").Stdout; text != "first\nafter the restart\n" {
					return fmt.Errorf("the log is:\n%s", text)
				}
				return nil
			})
			found.Found(t, as+" sidecar that is ended", "starts anew, with the file from its beginning; the app goes on")
		})
	}
}

// restarted tells when containers have not been restarted as often as they should.
func (a app) restarted(want ...string) error {
	pod, err := a.n.Pod(a.pod.Name)
	box.Check(a.n.T, err)
	var have []string
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		have = append(have, fmt.Sprintf("%s %d", s.Name, s.RestartCount))
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(have, want) {
		return fmt.Errorf("restarts are %q, not %q", have, want)
	}
	return nil
}
