package logs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// deleteLimit bounds how long a sidecar may hold up the deletion of a pod.
const deleteLimit = 5 * time.Second

// TestFollows: every line of a file arrives once, through rotations of both
// kinds, up to the last one, however the sidecar runs.
func TestFollows(t *testing.T) {
	for _, as := range []string{"native", "container"} {
		t.Run(as, func(t *testing.T) {
			a := run(t, follow+"  injectAs: "+as+"\n", web)
			a.seen("first")
			a.does("echo before rotation >> /var/log/app/app.log")
			a.seen("before rotation")
			a.does("cd /var/log/app && mv app.log app.log.1 && echo after the rename, in a new file >> app.log")
			a.seen("after the rename, in a new file")
			a.does("cd /var/log/app && : > app.log && echo after the truncate >> app.log")
			a.seen("after the truncate")
			took := a.n.Delete("pod/web")
			if took > deleteLimit {
				t.Errorf("deleting the pod took %s", took)
			}
			a.printed("first\nbefore rotation\nafter the rename, in a new file\nafter the truncate\nlast\n")
			found.Found(t, as+" sidecar: lines before and after a rename and a truncate, and one written at the end", fmt.Sprintf("each arrives once, in order; the pod is gone after %.1f s", took.Seconds()))
		})
	}
}

// TestFinds: a file may be written later than the sidecar starts, and there may
// be several, in folders of the app's and in volumes that it has.
func TestFinds(t *testing.T) {
	config := strings.Replace(follow, "[/var/log/app/app.log]", "[/var/log/app/app.log, /var/log/app/later.log, /audit/audit.log]", 1)
	manifest := strings.Replace(web, "    securityContext:\n      allow", "    volumeMounts:\n    - {name: data, mountPath: /audit, subPath: audit}\n    securityContext:\n      allow", 1) +
		"  volumes:\n  - name: data\n    emptyDir: {}\n"
	a := run(t, config, manifest)
	a.seen("first")
	for _, file := range []string{"/var/log/app/later.log", "/audit/audit.log"} {
		a.does("echo line of " + file + " > " + file)
		a.seen("line of " + file)
	}
	a.printed("first\nline of /var/log/app/later.log\nline of /audit/audit.log\n")
	found.Found(t, "three files in two volumes, two of them written after the sidecar has started", "every line arrives")
}

// TestReadsByGroup: with fsGroup the sidecar reads what others may not.
func TestReadsByGroup(t *testing.T) {
	a := run(t, follow+"  fsGroup: 2000\n", strings.Replace(web, "trap", "umask 027; trap", 1))
	a.seen("first")
	if mode := a.n.Exec(a.pod.Name, "app", "stat", "-c", "%a %u %g", "/var/log/app/app.log").Stdout; mode != "640 1000 2000\n" {
		t.Errorf("the file is %q", mode)
	}
	a.printed("first\n")
	found.Found(t, "files with mode 0640 of another user, with fsGroup", "every line arrives")
}
