package config_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

func TestErrors(t *testing.T) {
	var errs config.Errors
	if errs.Err() != nil {
		t.Error("no errors are an error")
	}
	errs.Addf("spec.x", "%d is wrong", 5)
	errs.Addf("", "all is wrong")
	errs.Addf("[0]", "odd")
	diff(t, "Error()", "spec.x: 5 is wrong\nall is wrong\n[0]: odd", errs.Error())
	diff(t, "Under()", "a.spec.x: 5 is wrong\na: all is wrong\na[0]: odd", errs.Under("a").Error())

	var found config.Errors
	if !errors.As(fmt.Errorf("reading config: %w", errs.Err()), &found) || len(found) != 3 {
		t.Errorf("errors.As finds %v", found)
	}
}

func TestOneOf(t *testing.T) {
	if errs := append(config.OneOf("x", "", "a"), config.OneOf("x", "a", "a", "b")...); errs != nil {
		t.Error(errs)
	}
	diff(t, "OneOf()", `x: "c" is none of a, b`, config.OneOf("x", "c", "a", "b").Error())
}

func TestLocate(t *testing.T) {
	var found config.Errors
	for _, path := range []string{"spec.role", "spec.logs[1].paths[0]", "spec.logs[7]", "spec.port", "", "nowhere"} {
		found.Addf(path, "x")
	}
	for name, tc := range map[string]struct {
		src  string
		want []string
	}{
		"our kind": {ours("logs:\n- paths: []\n- container: x\n  paths:\n  - /a\nport: 1\n"),
			[]string{"0: x", "0: nowhere: x", "4: spec.role: x", "5: spec.logs[7]: x", "9: spec.logs[1].paths[0]: x", "10: spec.port: x"}},
		"ConfigMap": {configMap("logs.0.paths: a\nlogs.1.paths: b\nport: '1'"),
			[]string{"0: x", "0: nowhere: x", "4: spec.role: x", "5: spec.logs[7]: x", "6: spec.logs[1].paths[0]: x", "7: spec.port: x"}},
		"no data": {"apiVersion: v1\nkind: ConfigMap\n",
			[]string{"0: spec.role: x", "0: spec.logs[1].paths[0]: x", "0: spec.logs[7]: x", "0: spec.port: x", "0: x", "0: nowhere: x"}},
	} {
		t.Run(name, func(t *testing.T) {
			diff(t, "Locate()", tc.want, lines(found.Locate(parse(t, tc.src))))
		})
	}
	diff(t, "the receiver", 0, found[0].Line)
	diff(t, "no document", len(found), len(found.Locate(nil)))
}

func TestReadHeader(t *testing.T) {
	for src, want := range map[string]config.Header{
		"":                                  {},
		"apiVersion: v1\nkind: ConfigMap\n": {APIVersion: "v1", Kind: "ConfigMap"},
		"apiVersion: a/v1\nkind: B\nmetadata: {name: 5, namespace: d, labels: {}}":   {APIVersion: "a/v1", Kind: "B", Name: "5", Namespace: "d"},
		"apiVersion: [a]\nkind: {b: c}\nmetadata: x":                                 {},
		"base: &b {name: n}\nmetadata:\n  <<: *b\n  namespace: d\nkind: !!str Thing": {Kind: "Thing", Name: "n", Namespace: "d"},
	} {
		got := config.ReadHeader(parse(t, src).Root)
		diff(t, "ReadHeader()", want, got)
		if got.IsConfigMap() != (got.APIVersion == "v1") {
			t.Errorf("IsConfigMap() is %t for %v", got.IsConfigMap(), got)
		}
	}
}
