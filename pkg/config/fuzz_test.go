package config_test

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// FuzzDecode holds that no text makes reading and checking a config panic, and
// that the same text gives the same errors.
func FuzzDecode(f *testing.F) {
	for _, tc := range decodeErrors {
		f.Add(tc.src)
	}
	for _, seed := range []string{
		"", "- a\n", "{}\n", ours("logs: [{paths: [/a]}]"), ours("a: &a {<<: *a}"), ours("size: 1e999\nport: 0b_"),
		ours("? {x: y}\n: z\nextra: &a {b: &b {<<: *a}, <<: *b, c: [*a]}"), ours("target: {labels: \"a in (b,c),!d\", names: [\"[\"]}"),
		configMap(tenLogs), configMap("logs.0.paths: a,b\nextra: '[1, .nan, -.inf, 0x]'\nlogs.1: '{'"),
		configMap("logs[1000000000].paths: x\nplacement.x.y.z: '*a'\ncontainer.env.0.value: 'a: b: c'"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := yamlpatch.Parse(src, 0)
		if err != nil {
			return
		}
		first, second := check(doc), check(doc)
		diff(t, "the second time", lines(first), lines(second))
	})
}

func check(doc *yamlpatch.Doc) config.Errors {
	var spec testSpec
	errs := config.Decode(doc, &spec)
	spec.Default()
	return append(errs, spec.Validate()...).Locate(doc)
}
