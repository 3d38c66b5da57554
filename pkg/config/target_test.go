package config_test

import (
	"fmt"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// by is what a target selects by.
type by = config.Selection

func TestTargetMatches(t *testing.T) {
	web := config.Candidate{
		Group: "apps", Kind: "Deployment", Name: "web-1", Namespace: "shop",
		Labels:      map[string]string{"app": "web", "tier": "front", "empty": ""},
		Annotations: map[string]string{"example.com/owner": "Team A, floor (2)"},
	}
	for name, tc := range map[string]struct {
		target config.Target
		want   bool
	}{
		"empty":            {config.Target{}, true},
		"kind":             {config.Target{Selection: by{Kinds: []string{"Job", "Deployment"}}}, true},
		"other kind":       {config.Target{Selection: by{Kinds: []string{"Job"}}}, false},
		"group and kind":   {config.Target{Selection: by{Kinds: []string{"apps/Deployment"}}}, true},
		"other group":      {config.Target{Selection: by{Kinds: []string{"example.com/Deployment"}}}, false},
		"name":             {config.Target{Selection: by{Names: []string{"web-1"}}}, true},
		"glob":             {config.Target{Selection: by{Names: []string{"db", "web-*"}}}, true},
		"class":            {config.Target{Selection: by{Names: []string{"web-[0-9]"}}}, true},
		"other name":       {config.Target{Selection: by{Names: []string{"web"}}}, false},
		"namespace":        {config.Target{Selection: by{Namespaces: []string{"sh?p"}}}, true},
		"other namespace":  {config.Target{Selection: by{Namespaces: []string{"default"}}}, false},
		"all must fit":     {config.Target{Selection: by{Names: []string{"web-*"}, Namespaces: []string{"default"}}}, false},
		"label":            {config.Target{Selection: by{Labels: "app=web"}}, true},
		"double equals":    {config.Target{Selection: by{Labels: " app == web , tier = front "}}, true},
		"other label":      {config.Target{Selection: by{Labels: "app=db"}}, false},
		"not equal":        {config.Target{Selection: by{Labels: "app!=db"}}, true},
		"not equal, same":  {config.Target{Selection: by{Labels: "app!=web"}}, false},
		"not equal, none":  {config.Target{Selection: by{Labels: "other!=x"}}, true},
		"exists":           {config.Target{Selection: by{Labels: "app"}}, true},
		"does not exist":   {config.Target{Selection: by{Labels: "canary"}}, false},
		"is absent":        {config.Target{Selection: by{Labels: "!canary"}}, true},
		"is not absent":    {config.Target{Selection: by{Labels: "! app"}}, false},
		"in":               {config.Target{Selection: by{Labels: "app in (db, web),tier"}}, true},
		"not in it":        {config.Target{Selection: by{Labels: "app in (db)"}}, false},
		"notin":            {config.Target{Selection: by{Labels: "app notin (db, cache)"}}, true},
		"notin, none":      {config.Target{Selection: by{Labels: "other notin (db)"}}, true},
		"notin, but is":    {config.Target{Selection: by{Labels: "app notin (web)"}}, false},
		"empty value":      {config.Target{Selection: by{Labels: "empty="}}, true},
		"annotation":       {config.Target{Selection: by{Annotations: `example.com/owner="Team A, floor (2)"`}}, true},
		"annotation in":    {config.Target{Selection: by{Annotations: `example.com/owner in (x, "Team A, floor (2)")`}}, true},
		"other annotation": {config.Target{Selection: by{Annotations: "example.com/owner=Team A"}}, false},
		"excluded":         {config.Target{Selection: by{Names: []string{"web-*"}}, Exclude: &config.Selector{Selection: by{Names: []string{"web-1"}}}}, false},
		"not excluded":     {config.Target{Exclude: &config.Selector{Selection: by{Names: []string{"web-1"}, Namespaces: []string{"x"}}}}, true},
		"excluded labels":  {config.Target{Exclude: &config.Selector{Selection: by{Labels: "tier"}}}, false},
		"not valid":        {config.Target{Selection: by{Names: []string{"["}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.target.Matches(web); got != tc.want {
				t.Errorf("Matches() is %t, want %t", got, tc.want)
			}
		})
	}
}

func TestTargetCompileErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		target config.Target
		want   []string
	}{
		"labels": {config.Target{Selection: by{Labels: "app=web tier=db"}},
			[]string{`0: spec.target.labels: "web tier=db" is no label value; use up to 63 letters, digits, -, _ and dots`}},
		"comma at the end": {config.Target{Selection: by{Labels: "app=web,"}},
			[]string{`0: spec.target.labels: "" is no condition; write app=web, app!=web, app in (a,b), app notin (a,b), app or !app`}},
		"open parenthesis": {config.Target{Selection: by{Labels: "app in (a,b"}},
			[]string{`0: spec.target.labels: "app in (a,b" is no condition; write app=web, app!=web, app in (a,b), app notin (a,b), app or !app`}},
		"key": {config.Target{Selection: by{Labels: "-app"}},
			[]string{`0: spec.target.labels: "-app" is no valid key; write it as app or example.com/app`}},
		"comparison": {config.Target{Selection: by{Labels: "app>5"}},
			[]string{`0: spec.target.labels: "app>5" is no valid key; write it as app or example.com/app`}},
		"quote": {config.Target{Selection: by{Annotations: `a="b`}},
			[]string{"0: spec.target.annotations: a value begins with a quote that is not closed"}},
		"exclude": {config.Target{Exclude: &config.Selector{Selection: by{Kinds: []string{"apps/v1/Deployment"}, Namespaces: []string{"a[]"}}}},
			[]string{
				`0: spec.target.exclude.kinds[0]: "apps/v1/Deployment" is no kind; write it as Deployment or argoproj.io/Rollout`,
				`0: spec.target.exclude.namespaces[0]: "a[]" is no pattern; close its brackets, or write \[ for a bracket`,
			}},
		"template paths": {config.Target{TemplatePaths: []config.TemplatePath{{Kind: "Worker", Path: "spec.workers[*].template"}, {Kind: "example.com/Worker"}}},
			[]string{
				`0: spec.target.templatePaths[1].kind: "example.com/Worker" is no kind; write it as Worker, its group apart`,
				"0: spec.target.templatePaths[1].path: missing; tell where the pod template is, such as spec.template",
			}},
	} {
		t.Run(name, func(t *testing.T) {
			m, errs := tc.target.Compile()
			diff(t, "Compile()", tc.want, lines(errs))
			if m != nil {
				t.Error("a matcher in spite of errors")
			}
		})
	}
}

func TestMatcherReads(t *testing.T) {
	for want, target := range map[string]config.Target{
		"false false": {Selection: by{Names: []string{"x"}}},
		"true false":  {Selection: by{Labels: "app"}},
		"false true":  {Selection: by{Annotations: "a"}, Exclude: &config.Selector{Selection: by{Names: []string{"x"}}}},
		"true true":   {Selection: by{Annotations: "a"}, Exclude: &config.Selector{Selection: by{Labels: "x"}}},
	} {
		m, errs := target.Compile()
		if errs != nil {
			t.Fatal(errs)
		}
		labels, annotations := m.Reads()
		diff(t, "Reads()", want, fmt.Sprint(labels, annotations))
	}
}

func TestTemplatePathSteps(t *testing.T) {
	got, err := config.TemplatePath{Path: "spec.workers[*].template"}.Steps()
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "Steps()", "spec.workers[*].template", got.String())
}

func BenchmarkMatches(b *testing.B) {
	target := config.Target{Selection: by{Kinds: []string{"Job", "Deployment"}, Names: []string{"web-*"}, Labels: "app=web"}, Exclude: &config.Selector{Selection: by{Names: []string{"web-db"}}}}
	m, errs := target.Compile()
	if errs != nil {
		b.Fatal(errs)
	}
	c := config.Candidate{Group: "apps", Kind: "Deployment", Name: "web-1", Labels: map[string]string{"app": "web"}}
	b.ReportAllocs()
	for b.Loop() {
		if !m.Matches(c) {
			b.Fatal("no match")
		}
	}
}
