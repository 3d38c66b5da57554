package inject

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Target is the object that a plan is made for.
type Target struct {
	Ref         pod.Ref
	Annotations map[string]string // of the object's metadata
	Views       []*pod.View       // its pod templates
	State       func(edit.Path) pod.State
	Value       func(edit.Path) edit.Value
}

// Plan is what has to be done to an object.
type Plan struct {
	Edits    []edit.Edit
	Findings []pod.Finding
	Had      bool               // one of the owners had something in the object before
	Has      bool               // one of the owners has something in it now
	Wanted   map[Owner][]Object // objects to generate
	Gone     map[Owner][]string // objects that an owner generated before, as Kind/name, and no longer wants
	Amend    map[Owner][]Amendment
	Records  map[string]string // what the owners write down, by annotation
	Repairs  []Repair
}

// planner makes a Plan.
type planner struct {
	target  Target
	reqs    []Request
	old     map[string]*Record // of all owners, by annotation
	next    map[Owner]*Record  // of the owners that run
	running map[string]bool
	present map[string]bool // parents that the user wrote
	drops   []edit.Edit     // what goes
	puts    []edit.Edit     // what comes
	plan    Plan
}

// Make plans what the requests want of the object, all in one: each sees what
// those before it add. With an error among the findings there are no edits.
func Make(target Target, reqs []Request) Plan {
	p := &planner{target: target, reqs: reqs, next: map[Owner]*Record{}, running: map[string]bool{}, present: map[string]bool{},
		puts: make([]edit.Edit, 0, 12*len(reqs))}
	p.plan.Records = make(map[string]string, len(reqs))
	old, bad := records(target.Annotations)
	if p.old = old; len(bad) > 0 {
		return Plan{Findings: bad}
	}
	for _, r := range reqs {
		p.running[r.Owner.Key()] = true
		p.next[r.Owner] = &Record{Via: r.Via, Templates: map[string]*Items{}, Was: map[string]string{}, Changes: map[string]Changed{}}
	}
	for _, r := range reqs {
		said := len(p.plan.Findings)
		p.changes(r.Owner, nil, r.Changes)
		p.sign(r.Owner, said)
	}
	var templates []*template
	for _, v := range target.Views {
		templates = append(templates, p.template(v))
	}
	for _, t := range templates {
		t.remove()
	}
	p.forget()
	p.prune()
	p.remember()
	p.abandon()
	if p.plan.Edits = p.puts; len(p.drops) > 0 {
		p.plan.Edits = slices.Concat(p.drops, p.puts)
	}
	if slices.ContainsFunc(p.plan.Findings, pod.Finding.Fatal) {
		p.plan.Edits = nil
	}
	return p.plan
}

// forget deletes the records of the owners that run.
func (p *planner) forget() {
	for _, key := range slices.Sorted(maps.Keys(p.old)) {
		if p.running[key] {
			p.plan.Had = true
			p.drop(edit.Edit{Op: edit.Delete, Path: edit.Fields("metadata", "annotations", key)})
		}
	}
}

// abandon finds the generated objects that an owner no longer wants.
func (p *planner) abandon() {
	for _, req := range p.reqs {
		old := p.old[req.Owner.Key()]
		if old == nil {
			continue
		}
		for _, name := range old.Objects {
			if !slices.Contains(p.next[req.Owner].Objects, name) {
				more(&p.plan.Gone, req.Owner, name)
			}
		}
	}
}

// more adds to what an owner has in a map, which is made when it is needed: most
// plans need none.
func more[T any](m *map[Owner][]T, owner Owner, all ...T) {
	if len(all) == 0 {
		return
	}
	if *m == nil {
		*m = map[Owner][]T{}
	}
	(*m)[owner] = append((*m)[owner], all...)
}

// prune takes away parents that nothing is left in, the deepest first.
func (p *planner) prune() {
	was := map[string]edit.Value{}
	for key, r := range p.old {
		if !p.running[key] {
			continue
		}
		for _, path := range r.Made {
			was[path] = edit.Value{}
		}
		for path, text := range r.Was {
			was[path] = edit.Source(text)
		}
	}
	paths := slices.Collect(maps.Keys(was))
	slices.SortFunc(paths, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return slices.Compare([]byte(a), []byte(b))
	})
	for _, text := range paths {
		if path, err := edit.ParsePath(text); err == nil {
			p.drop(edit.Edit{Op: edit.Prune, Path: path, Value: was[text]})
		}
	}
}

// remember writes the records of the owners that have something now.
func (p *planner) remember() {
	at := edit.Fields("metadata", "annotations")
	for _, req := range p.reqs {
		r := p.next[req.Owner]
		if r.empty() {
			continue
		}
		p.plan.Has = true
		p.ensure(r, at, edit.Map)
		text, err := r.text()
		if err != nil {
			p.plan.Findings = append(p.plan.Findings, pod.Finding{Severity: pod.Error, Code: pod.InternalError, Message: err.Error()})
		}
		key := req.Owner.Key()
		p.plan.Records[key] = text
		p.noteOther(req, p.target.Annotations[key], text)
		p.put(edit.Edit{Op: edit.Insert, Path: at.With(edit.Name(key)), Value: edit.Str(text), Where: p.recordPlace(key)})
	}
}

// noteOther warns when what an owner had added came from another config, and is
// not what this one adds: run in turns, each would undo the other.
func (p *planner) noteOther(req Request, had, want string) {
	if had == "" || Via(had) == req.Via || SameRecord(had, want, false) {
		return
	}
	p.plan.Findings = append(p.plan.Findings, pod.Finding{Severity: pod.Warning, Code: pod.OtherConfig, Owner: req.Owner.String(),
		Message: fmt.Sprintf("what %s had added as %q is replaced by what %s adds under the same name; if both are to stay, give one another name",
			Whence(Via(had)), req.Owner.Instance, Whence(req.Via))})
}

// Whence names the config that something comes from, given what Via returns.
func Whence(via string) string { return cmp.Or(via, "a config of its own") }

// recordPlace puts records behind all other annotations, in their own order.
func (p *planner) recordPlace(key string) edit.Where {
	var after []string
	for k := range p.target.Annotations {
		if !IsRecord(k) || k < key {
			after = append(after, k)
		}
	}
	for _, req := range p.reqs {
		if k := req.Owner.Key(); k < key {
			after = append(after, k)
		}
		if len(p.target.Views) == 1 && len(p.target.Views[0].Path) == 0 { // a Pod: its own annotations are the template's
			it := p.next[req.Owner].items("")
			after = slices.AppendSeq(append(after, it.Annotations...), maps.Keys(it.Elements))
		}
	}
	return edit.Where{After: after, First: true, Stay: true}
}

func (p *planner) drop(e edit.Edit) { p.drops = append(p.drops, e) }

func (p *planner) put(e edit.Edit) { p.puts = append(p.puts, e) }

// onlyHosts reports whether all annotations of the object are those that hosts
// add on the way in and take away again on the way out.
func (p *planner) onlyHosts() bool {
	for key := range p.target.Annotations {
		if !isHosts(key) {
			return false
		}
	}
	return len(p.target.Annotations) > 0
}

// isHosts reports whether hosts use an annotation to keep track of an object.
func isHosts(key string) bool {
	switch key {
	case "config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id":
		return true
	}
	for _, prefix := range []string{"internal.config.kubernetes.io/", "internal.config.k8s.io/", "kustomize.config.k8s.io/", "postrenderer.helm.sh/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// fieldPlace says where people put a field that we have to make.
func fieldPlace(path edit.Path) edit.Where {
	switch name := path.Last().Name; {
	case len(path) > 1 && path.Parent().Last().Kind != edit.ByName && slices.Contains(containerOrder(), name):
		order := containerOrder()
		return edit.Where{After: order[:slices.Index(order, name)]}
	case name == "metadata" && len(path) > 1:
		return edit.Where{Before: []string{"spec"}, First: true}
	case name == "metadata":
		return edit.Where{After: []string{"apiVersion", "kind"}, First: true}
	case name == "annotations":
		return edit.Where{After: []string{"name", "generateName", "namespace", "labels"}}
	case name == "labels":
		return edit.Where{Before: []string{"annotations"}, After: []string{"name", "generateName", "namespace"}}
	case name == "initContainers", name == "securityContext":
		return edit.Where{Before: []string{"initContainers", "containers"}}
	case name == "volumes":
		return edit.Where{After: []string{"initContainers", "containers"}}
	}
	return edit.Where{}
}

// ensure makes sure that a collection is there, and records the parents on the
// way that exist, or look as they do, because of us.
func (p *planner) ensure(r *Record, path edit.Path, kind edit.Kind) {
	texts := path.Texts()
	if text := texts[len(texts)-1]; p.present[text] || slices.Contains(r.Made, text) {
		return
	}
	for i, text := range texts {
		at := path[:i+1]
		if path[i].Kind != edit.ByName || p.present[text] || !p.origin(r, at, text) {
			continue
		}
		of := edit.Map
		if i == len(path)-1 {
			of = kind
		}
		p.put(edit.Edit{Op: edit.Ensure, Path: at, Value: edit.Value{Kind: of}, Where: fieldPlace(at)})
	}
}

// origin finds out whether a parent is the user's, and records it when it is
// not: because it was missing, or stood there in a form that gave way. What any
// record says counts, so that owners agree whatever their order.
func (p *planner) origin(r *Record, path edit.Path, text string) (ours bool) {
	if slices.Contains(r.Made, text) || r.Was[text] != "" {
		return true
	}
	for _, old := range p.old {
		if slices.Contains(old.Made, text) {
			r.Made = append(r.Made, text)
			return true
		}
		if was, ok := old.Was[text]; ok {
			r.Was[text] = was
			return true
		}
	}
	if p.present[text] {
		return false
	}
	state := p.target.State(path)
	switch {
	case !state.Present || text == "metadata.annotations" && p.onlyHosts():
		r.Made = append(r.Made, text)
	case state.Restore:
		r.Was[text] = state.Source()
	default:
		p.present[text] = true
		return false
	}
	return true
}
