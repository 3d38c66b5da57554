package schemas_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const root = "../.."

// TestCorpus finds every functionConfig in the repository: in golden cases,
// examples, documents and scripts, the wrong ones too. What the code takes, the
// schema takes; where the code finds fields that are not there or values of
// another type, the schema finds something, too.
func TestCorpus(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{}
	for _, f := range functions.All() {
		schemas[f.Kind] = compile(t, f)
	}
	taken, refused := 0, 0
	for _, c := range corpus(t) {
		s := schemas[c.kind]
		if s == nil {
			continue
		}
		_, err := krm.ReadConfigs(functions.All(), c.file, c.text)
		said := s.Validate(c.value)
		switch {
		case err == nil && said != nil:
			t.Errorf("%s: the code takes this, the schema says %v\n%s", c.file, said, c.text)
		case err == nil:
			taken++
		case misshaped(err) && said == nil:
			t.Errorf("%s: the schema takes this, the code says %v\n%s", c.file, err, c.text)
		case misshaped(err):
			refused++
		}
	}
	if taken < 400 || refused < 10 {
		t.Errorf("%d configs that are valid, %d with wrong fields or types; there are more", taken, refused)
	}
}

// misshaped reports errors that are not about what a value says.
func misshaped(err error) bool {
	var wrong *krm.ConfigError
	for _, e := range flat(err) {
		if !errors.As(e, &wrong) {
			continue
		}
		for _, f := range wrong.Errors {
			if strings.HasPrefix(f.Msg, "unknown field") || strings.Contains(f.Msg, " is expected") {
				return true
			}
		}
	}
	return false
}

// flat takes joined errors apart.
func flat(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// found is a functionConfig in a file.
type found struct {
	file, kind, text string
	value            any
}

// corpus reads all files of the repository that hold YAML.
func corpus(t *testing.T) []found {
	t.Helper()
	var all []found
	check(t, filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && file != root {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(file)
		switch filepath.Ext(file) {
		case ".txtar":
			for _, part := range txtar.Parse(data).Files {
				all = append(all, configs(file+":"+part.Name, string(part.Data))...)
			}
		case ".yaml", ".yml":
			all = append(all, configs(file, string(data))...)
		case ".md":
			for i, block := range strings.Split(string(data), "```") {
				if rest, ok := strings.CutPrefix(block, "yaml\n"); ok && i%2 == 1 {
					all = append(all, configs(file, rest)...)
				}
			}
		}
		return err
	}))
	return all
}

// configs returns the functionConfigs in a text, those inside of other objects
// included. A text that is no YAML has none.
func configs(file, text string) []found {
	var all []found
	for d := yaml.NewDecoder(strings.NewReader(text)); ; {
		var doc yaml.Node
		if d.Decode(&doc) != nil {
			return all
		}
		collect(&doc, func(n *yaml.Node, kind string) {
			text, err := yaml.Marshal(n)
			if value, ok := plain(n); ok && err == nil {
				all = append(all, found{file, kind, string(text), value})
			}
		})
	}
}

func collect(n *yaml.Node, use func(n *yaml.Node, kind string)) {
	if n.Kind == yaml.MappingNode {
		fields := map[string]string{}
		for i := 0; i < len(n.Content); i += 2 {
			fields[n.Content[i].Value] = n.Content[i+1].Value
		}
		if fields["apiVersion"] == config.APIVersion {
			use(n, fields["kind"])
			return
		}
	}
	for _, c := range n.Content {
		collect(c, use)
	}
}

// plain decodes a node as JSON would hold it; false where JSON cannot, as with
// keys that are given twice.
func plain(n *yaml.Node) (any, bool) {
	var value any
	if n.Decode(&value) != nil {
		return nil, false
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, false
	}
	value, err = jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	return value, err == nil
}
