package schemas_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// TestWords: the code takes every word that a schema lists, and knows no others.
func TestWords(t *testing.T) {
	words := 0
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			for _, p := range places(place{schema: spec(t, f)}) {
				listed := wordsOf(p.schema)
				for _, word := range listed {
					words++
					if said := noneOf(t, f, p, word); said != nil {
						t.Errorf("%s: the schema lists %s, the code says it is none of %v", p, word, said)
					}
				}
				if said := noneOf(t, f, p, "bogus"); listed != nil && said != nil {
					if diff := cmp.Diff(sorted(listed), sorted(said)); diff != "" {
						t.Errorf("%s: other words than those of the code (-schema +code):\n%s", p, diff)
					}
				} else if said != nil && p.schema["pattern"] == nil && p.String() != namesOfConfig {
					t.Errorf("%s: no words in the schema, and in the code %v; write +kubebuilder:validation:Enum", p, said)
				}
			}
		})
	}
	if words < 250 {
		t.Errorf("%d words; there are more", words)
	}
}

// namesOfConfig is a field whose words are names elsewhere in the config.
const namesOfConfig = "spec.env[0].secret"

// wordsOf are the words that a value may be.
func wordsOf(s node) []string {
	list := s.list("enum")
	if s.wordy() {
		list = node(s.list("anyOf")[0].(map[string]any)).list("enum")
	}
	var all []string
	for _, word := range list {
		all = append(all, word.(string))
	}
	return all
}

// none is how the code says which words there are.
var none = regexp.MustCompile(`(?:is none of|the kinds are) ([^;]+)`)

// noneOf returns the words that the code wants to see instead; nil when it takes
// the word.
func noneOf(t *testing.T, f krm.Function, p place, word string) []string {
	t.Helper()
	for _, s := range specs(t, f) {
		for _, e := range complaints(t, f, p.with(s, word)) {
			if m := none.FindStringSubmatch(e.Msg); m != nil && e.Path == p.String() {
				return strings.Split(m[1], ", ")
			}
		}
	}
	return nil
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }
