package agents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"
)

// generatedBy marks objects that the functions made.
const generatedBy = "krm-sidecars.dev/generated-by"

// file is a generated configuration, and what is around it in the pod.
type file struct {
	from   string // case, ConfigMap and key
	text   string
	reader []reader
}

// reader is a container that the file is mounted into.
type reader struct {
	name  string
	path  string            // where the file is
	words []string          // command and arguments
	env   map[string]string // "" for a value that is not written in the pod
}

// goldens returns the generated configurations of all golden cases.
func goldens(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir("../../functions", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".txtar") {
			return err
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			return err
		}
		for _, part := range archive.Files {
			if part.Name == "out.yaml" {
				files = append(files, generated(t, strings.TrimPrefix(name, "../../functions/"), part.Data)...)
			}
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	return files
}

// writers are the functions whose generated files are read by the programs that are
// known here.
var writers = []string{"add-log-sidecar", "add-vault-init", "add-exporter"}

// generated returns the generated configurations of a stream.
func generated(t *testing.T, from string, stream []byte) []file {
	t.Helper()
	objects := decodeAll(t, from, stream)
	var files []file
	for _, object := range objects {
		by, _ := get(object, "metadata", "annotations", generatedBy).(string)
		if function, _, _ := strings.Cut(by, "."); object["kind"] != "ConfigMap" || !slices.Contains(writers, function) {
			continue
		}
		name, _ := get(object, "metadata", "name").(string)
		data, _ := object["data"].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(data)) {
			f := file{from: from + "/" + name + "/" + key, text: fmt.Sprint(data[key])}
			for _, o := range objects {
				f.reader = append(f.reader, readersIn(o, name, key)...)
			}
			files = append(files, f)
		}
	}
	return files
}

// decodeAll reads the objects of a stream, those in lists included.
func decodeAll(t *testing.T, from string, stream []byte) []map[string]any {
	t.Helper()
	var objects []map[string]any
	for decoder := yaml.NewDecoder(bytes.NewReader(stream)); ; {
		var object map[string]any
		err := decoder.Decode(&object)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		objects = append(objects, object)
		for _, item := range list(object["items"]) {
			if o, ok := item.(map[string]any); ok {
				objects = append(objects, o)
			}
		}
	}
}

// readersIn finds, below any value, the containers that mount a key of a
// ConfigMap.
func readersIn(value any, configMap, key string) []reader {
	var found []reader
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			found = append(found, readersIn(element, configMap, key)...)
		}
	case map[string]any:
		if _, ok := v["containers"]; ok {
			return readersOf(v, configMap, key)
		}
		for _, member := range slices.Sorted(maps.Keys(v)) {
			found = append(found, readersIn(v[member], configMap, key)...)
		}
	}
	return found
}

// readersOf finds them in a pod spec.
func readersOf(spec map[string]any, configMap, key string) []reader {
	var found []reader
	for _, volume := range list(spec["volumes"]) {
		inside, ok := pathIn(volume, configMap, key)
		if !ok {
			continue
		}
		for _, container := range slices.Concat(list(spec["initContainers"]), list(spec["containers"])) {
			for _, mount := range list(get(container, "volumeMounts")) {
				if get(mount, "name") != get(volume, "name") {
					continue
				}
				path := fmt.Sprint(get(mount, "mountPath"))
				if sub, ok := get(mount, "subPath").(string); !ok {
					path += "/" + inside
				} else if sub != inside {
					continue
				}
				found = append(found, newReader(container, path))
			}
		}
	}
	return found
}

// pathIn is the name of a file in a volume, if a key of a ConfigMap is there.
func pathIn(volume any, configMap, key string) (string, bool) {
	sources := []any{get(volume, "configMap")}
	for _, s := range list(get(volume, "projected", "sources")) {
		sources = append(sources, get(s, "configMap"))
	}
	for _, source := range sources {
		if get(source, "name") != configMap {
			continue
		}
		items := list(get(source, "items"))
		for _, item := range items {
			if get(item, "key") == key {
				return fmt.Sprint(get(item, "path")), true
			}
		}
		if len(items) == 0 {
			return key, true
		}
	}
	return "", false
}

func newReader(container any, path string) reader {
	r := reader{name: fmt.Sprint(get(container, "name")), path: path, env: map[string]string{}}
	for _, word := range slices.Concat(list(get(container, "command")), list(get(container, "args"))) {
		r.words = append(r.words, fmt.Sprint(word))
	}
	for _, e := range list(get(container, "env")) {
		value, _ := get(e, "value").(string)
		r.env[fmt.Sprint(get(e, "name"))] = value
	}
	return r
}

func list(value any) []any {
	l, _ := value.([]any)
	return l
}

// get follows keys into maps; nil if there is nothing.
func get(value any, keys ...string) any {
	for _, key := range keys {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}
