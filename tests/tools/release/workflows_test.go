package release

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

const root = "../../.."

// workflows returns the paths of our workflows, and of the one for users.
func workflows(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("there are no workflows: %v %v", files, err)
	}
	return append(files, filepath.Join(root, "examples/ci/github-actions.yml"))
}

// TestWorkflows runs actionlint: keys, types, expressions, contexts, shells.
func TestWorkflows(t *testing.T) {
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range workflows(t) {
		found, err := linter.LintFile(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found {
			t.Errorf("%s:%d: %s", file, e.Line, e.Message)
		}
	}
}

// TestPermissions: a workflow has none, and each of its jobs has those that it
// names, one by one.
func TestPermissions(t *testing.T) {
	for _, file := range workflows(t) {
		w := parse(t, file)
		if w.Permissions == nil || w.Permissions.All != nil || len(w.Permissions.Scopes) > 0 {
			t.Errorf("%s: the workflow has permissions; write `permissions: {}` and give them to jobs", file)
		}
		for name, job := range w.Jobs {
			if job.Permissions == nil || job.Permissions.All != nil {
				t.Errorf("%s: job %s does not name its permissions", file, name)
			}
			if job.TimeoutMinutes == nil {
				t.Errorf("%s: job %s may run for six hours; set timeout-minutes", file, name)
			}
		}
	}
}

var pinned = regexp.MustCompile(`uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n`)

// TestActions: actions are pinned to a commit, with the version beside it, and
// a checkout leaves no token behind.
func TestActions(t *testing.T) {
	for _, file := range workflows(t) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if uses := strings.Count(string(source), "uses: "); uses != len(pinned.FindAll(source, -1)) {
			t.Errorf("%s: an action is not pinned as in `uses: actions/checkout@<40 hex digits> # v5.0.0`", file)
		}
		for name, job := range parse(t, file).Jobs {
			for _, step := range job.Steps {
				if a, ok := step.Exec.(*actionlint.ExecAction); ok && keepsToken(a) {
					t.Errorf("%s: job %s: %s leaves the token in .git/config; set persist-credentials: false", file, name, a.Uses.Value)
				}
			}
		}
	}
}

func keepsToken(a *actionlint.ExecAction) bool {
	input := a.Inputs["persist-credentials"]
	return strings.HasPrefix(a.Uses.Value, "actions/checkout@") && (input == nil || input.Value.Value != "false")
}

func parse(t *testing.T, file string) *actionlint.Workflow {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w, errs := actionlint.Parse(source)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", file, errs)
	}
	return w
}
