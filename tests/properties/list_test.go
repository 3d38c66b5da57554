package properties_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// listOrNothing checks that a function given a ResourceList never answers with
// nothing, and when it fails gives all items back as they came, with results.
func listOrNothing(t *testing.T, list string) {
	t.Helper()
	out, report, err := krm.RunList(functions.All(), "", list)
	if err != nil {
		if out != "" || err.Error() == "" {
			t.Errorf("an error comes with a text, or says nothing: %v\n%s", err, out)
		}
		return
	}
	if strings.TrimSpace(out) == "" {
		t.Fatalf("the answer is empty:\n%s", lines(report))
	}
	s, err := manifest.Read("", out)
	if err != nil || s.List == nil {
		t.Fatalf("the answer is no ResourceList: %v\n%s", err, out)
	}
	if problems(t, report) > 0 {
		sameItems(t, list, s)
		if told := results(out); told < distinct(report) {
			t.Errorf("%d results, but %d in the answer:\n%s", distinct(report), told, out)
		}
	}
}

func sameItems(t *testing.T, list string, got *manifest.Stream) {
	t.Helper()
	want, err := manifest.Read("", list)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(originals(want), originals(got)); diff != "" {
		t.Errorf("a run that failed gives other items back (-source +got):\n%s", diff)
	}
}

func originals(s *manifest.Stream) []string {
	var all []string
	for _, o := range s.Objects {
		all = append(all, strings.TrimSpace(o.Original()))
	}
	return all
}

// distinct counts the results of a report as an answer tells them: without the
// place in the input.
func distinct(report krm.Report) int {
	all := map[string]bool{}
	for _, r := range report.Results {
		all[r.Value().String()] = true
	}
	return len(all)
}

// results counts the results in a ResourceList.
func results(list string) int {
	var l struct {
		Results []any `yaml:"results"`
	}
	if yaml.Unmarshal([]byte(list), &l) != nil {
		return -1
	}
	return len(l.Results)
}

// asList puts the objects of a stream into a ResourceList, as a host would: read
// and written by another YAML library. It is false for what that does not take.
func asList(t *testing.T, src, config string) (string, bool) {
	t.Helper()
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n" + indented(config, "  ") + "items:\n")
	for dec := yaml.NewDecoder(strings.NewReader(src)); ; {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
			return "", false
		}
		text, err := yaml.Marshal(&doc)
		if err != nil {
			return "", false
		}
		b.WriteString("-" + indented(string(text), "  ")[1:])
	}
	list := b.String()
	var any map[string]any
	return list, yaml.Unmarshal([]byte(list), &any) == nil
}

func indented(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}
