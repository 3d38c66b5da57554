package agents

import (
	"fmt"
	"slices"
	"testing"

	ucfg "github.com/elastic/go-ucfg"
	"github.com/elastic/go-ucfg/parse"
	ucfgyaml "github.com/elastic/go-ucfg/yaml"
)

// checkFluentBit also looks for the parsers that inputs and filters name.
func checkFluentBit(t *testing.T, f file) []string {
	t.Helper()
	config, wrong := checkDocumented(t, "fluent-bit", f)
	defined := []string{"cri", "docker", "go", "java", "python", "ruby"} // multiline parsers that it has
	for _, kind := range []string{"parsers", "multiline_parsers"} {
		for _, p := range list(config[kind]) {
			defined = append(defined, fmt.Sprint(get(p, "name")))
		}
	}
	for _, kind := range []string{"inputs", "filters"} {
		for _, plugin := range list(get(config, "pipeline", kind)) {
			for _, key := range []string{"parser", "multiline.parser"} {
				if name, ok := get(plugin, key).(string); ok && !slices.Contains(defined, name) {
					wrong = append(wrong, fmt.Sprintf("pipeline.%s: no parser %s", kind, name))
				}
			}
		}
	}
	return wrong
}

// checkFilebeat reads the configuration as filebeat does, with its own library,
// which makes trees of dotted keys and puts variables in.
func checkFilebeat(t *testing.T, f file) []string {
	t.Helper()
	value := func(name string) (string, parse.Config, error) { return "${" + name + "}", parse.EnvConfig, nil }
	options := []ucfg.Option{ucfg.PathSep("."), ucfg.VarExp, ucfg.Resolve(value)}
	config, err := ucfgyaml.NewConfig([]byte(f.text), options...)
	if err != nil {
		return []string{err.Error()}
	}
	tree := map[string]any{}
	if err := config.Unpack(&tree, options...); err != nil {
		return []string{err.Error()}
	}
	return readDocumented(t, "filebeat").check(tree)
}

// checkVector also looks for the inputs that transforms and sinks name.
func checkVector(t *testing.T, f file) []string {
	t.Helper()
	config, wrong := checkDocumented(t, "vector", f)
	var defined []string
	for _, kind := range []string{"sources", "transforms"} {
		for name := range asMap(config[kind]) {
			defined = append(defined, name)
		}
	}
	for _, kind := range []string{"transforms", "sinks"} {
		for name, component := range asMap(config[kind]) {
			for _, input := range list(get(component, "inputs")) {
				if !slices.Contains(defined, fmt.Sprint(input)) {
					wrong = append(wrong, fmt.Sprintf("%s.%s: no input %v", kind, name, input))
				}
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

func asMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}
