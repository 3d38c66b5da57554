package logs_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
)

// TestFilebeat: a real agent runs with the configuration that is made for it, in
// the container that is made for it, and hands on every line once, with its pod.
func TestFilebeat(t *testing.T) {
	apps.Load(t, &cluster, apps.Built("filebeat", "filebeat"))
	lingering := strings.Replace(web, "exit 0' TERM", "sleep 1; exit 0' TERM", 1) // filebeat looks only now and then
	a := run(t, follow+"  agent: filebeat\n", lingering)
	a.handedOn("first")
	a.does("cd /var/log/app && mv app.log app.log.1 && echo after the rename >> app.log")
	a.handedOn("first", "after the rename")
	a.n.Delete("pod/web")
	a.handedOn("first", "after the rename", "last")
	found.Found(t, "filebeat, native: lines before and after a rename, and one a second before the end", "each arrives once, with the name and uid of its pod")
}

// handedOn waits until the agent has printed records of these lines, and no other.
func (a app) handedOn(lines ...string) {
	a.n.T.Helper()
	a.n.WaitFor("the records", func() error {
		text, err := a.log.Stdout()
		if err != nil {
			return err
		}
		if have := a.messages(text); !slices.Equal(have, lines) {
			return fmt.Errorf("they are %q, not %q", have, lines)
		}
		return nil
	})
}

// messages are those of records in JSON, all of which have to name their pod.
func (a app) messages(records string) []string {
	var all []string
	for line := range strings.Lines(records) {
		var r struct {
			Message    string
			Kubernetes struct{ Pod struct{ Name, UID string } }
		}
		box.Check(a.n.T, json.Unmarshal([]byte(line), &r))
		box.Equal(a.n.T, "the pod of a record", a.pod.Name+" "+string(a.pod.UID), r.Kubernetes.Pod.Name+" "+r.Kubernetes.Pod.UID)
		all = append(all, r.Message)
	}
	return all
}
