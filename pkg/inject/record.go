package inject

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Prefix begins the keys of all annotations of this project.
const Prefix = "krm-sidecars.dev/"

// OptOut is the annotation that keeps functions off an object: "false", or a
// comma-separated list of functions.
const OptOut = Prefix + "inject"

// GeneratedBy marks an object that a function made, with its owner.
const GeneratedBy = Prefix + "generated-by"

// GeneratedLabels names the labels of a generated object that its function gave
// it: others are of hosts and people.
const GeneratedLabels = Prefix + "generated-labels"

// Record names what an owner added to an object, so that it can be updated and
// taken away again. It is kept in an annotation of the object, never of the pod
// template: a record must not roll pods.
type Record struct {
	Changes   map[string]Changed `json:"changes,omitempty"` // of the user's own fields, by path
	Made      []string           `json:"made,omitempty"`    // paths of parents that exist because of us
	Objects   []string           `json:"objects,omitempty"` // generated, as Kind/name
	Templates map[string]*Items  `json:"templates,omitempty"`
	Via       string             `json:"via,omitempty"` // the composite config that it comes from
	Was       map[string]string  `json:"was,omitempty"` // source text of parents that we replaced, by path
}

// Items is what an owner added to one pod template.
type Items struct {
	Annotations []string            `json:"annotations,omitempty"`
	Changes     map[string]Changed  `json:"changes,omitempty"` // in the text only: Record.Changes below the template
	Containers  map[string]Rank     `json:"containers,omitempty"`
	Elements    map[string][]string `json:"elements,omitempty"`
	Env         []string            `json:"env,omitempty"` // container:name
	Labels      []string            `json:"labels,omitempty"`
	Made        []string            `json:"made,omitempty"`   // in the text only: Record.Made below the template
	Mounts      []string            `json:"mounts,omitempty"` // container:path
	Shares      *Shares             `json:"shares,omitempty"`
	Sum         string              `json:"sum,omitempty"` // of the content, to notice hand edits
	Volumes     []string            `json:"volumes,omitempty"`
	Was         map[string]string   `json:"was,omitempty"` // in the text only: Record.Was below the template
}

// Shares is what another owner added and this one uses too: it stays as long as
// one of them does.
type Shares struct {
	Mounts  []string `json:"mounts,omitempty"`
	Volumes []string `json:"volumes,omitempty"`
}

// maxName is the longest name part of an annotation key.
const maxName = 63

// Key returns the annotation that holds the owner's record.
func (o Owner) Key() string { return Prefix + o.short() }

// short is the owner as the name part of an annotation key.
func (o Owner) short() string {
	name := o.String()
	if len(name) > maxName {
		sum := sha256.Sum256([]byte(name))
		name = strings.TrimRight(name[:maxName-9], "-_.") + "-" + hex.EncodeToString(sum[:4])
	}
	return name
}

// text returns the record as compact JSON with sorted keys.
func (r *Record) text() (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // it is YAML that holds it
	if err := enc.Encode(r.short()); err != nil {
		return "", fmt.Errorf("writing the record: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// short is the record with the paths below a template written from there on.
func (r *Record) short() *Record {
	out := &Record{Objects: r.Objects, Via: r.Via, Templates: make(map[string]*Items, len(r.Templates)), Was: map[string]string{}, Changes: map[string]Changed{}}
	for path, it := range r.Templates {
		items := *it
		out.Templates[path] = &items
	}
	slices.Sort(r.Made)
	places := slices.Sorted(maps.Keys(out.Templates))
	for _, path := range r.Made {
		if it, below := out.below(path, places); it != nil {
			it.Made = append(it.Made, below)
		} else {
			out.Made = append(out.Made, path)
		}
	}
	for path, text := range r.Was {
		if it, below := out.below(path, places); it != nil {
			put(&it.Was, below, text)
		} else {
			out.Was[path] = text
		}
	}
	for path, c := range r.Changes {
		if it, below := out.below(path, places); it != nil {
			put(&it.Changes, below, c)
		} else {
			out.Changes[path] = c
		}
	}
	return out
}

// put enters a value into a map, which is made when it is needed.
func put[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}

// below finds the template that a path leads into, and the rest of the path. The
// places are those of the templates, sorted.
func (r *Record) below(path string, places []string) (*Items, string) {
	for _, at := range slices.Backward(places) { // of two that fit, the longer one
		if rest, ok := strings.CutPrefix(path, at+"."); ok && at != "" {
			return r.Templates[at], rest
		}
	}
	return nil, ""
}

// long undoes short.
func (r *Record) long() {
	if r.Was == nil {
		r.Was = map[string]string{}
	}
	if r.Changes == nil {
		r.Changes = map[string]Changed{}
	}
	for at, it := range r.Templates {
		for _, path := range it.Made {
			r.Made = append(r.Made, at+"."+path)
		}
		for path, text := range it.Was {
			r.Was[at+"."+path] = text
		}
		for path, c := range it.Changes {
			r.Changes[at+"."+path] = c
		}
		it.Made, it.Was, it.Changes = nil, nil, nil
	}
}

// records reads the records of all owners from an object's annotations.
func records(annotations map[string]string) (map[string]*Record, []pod.Finding) {
	found := map[string]*Record{}
	var bad []pod.Finding
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		if !IsRecord(key) {
			continue
		}
		r := &Record{}
		err := json.Unmarshal([]byte(annotations[key]), r)
		if err == nil && slices.Contains(slices.Collect(maps.Values(r.Templates)), nil) {
			err = errors.New("a template is null")
		}
		if err != nil {
			bad = append(bad, pod.Finding{Severity: pod.Error, Code: pod.InvalidRecord,
				Field:   edit.Fields("metadata", "annotations", key).String(),
				Message: fmt.Sprintf("cannot be read (%v); restore it, or delete it together with what it named", err)})
			continue
		}
		r.long()
		found[key] = r
	}
	return found, bad
}

// IsRecord reports whether an annotation holds a record: its name is that of a
// function, a dot and an instance.
func IsRecord(key string) bool {
	name, ok := strings.CutPrefix(key, Prefix)
	return ok && strings.Contains(name, ".") || ok && len(name) == maxName
}

// SameRecord reports whether two records say the same, whatever kustomize has
// called the generated objects since, and whichever config they came with. Where
// the content was edited since, or the names that it holds, only what was added
// counts.
func SameRecord(had, want string, edited bool) bool {
	var a, b Record
	if had == want || json.Unmarshal([]byte(had), &a) != nil || json.Unmarshal([]byte(want), &b) != nil {
		return had == want
	}
	edited = edited || !slices.Equal(a.Objects, b.Objects)
	return a.bare(edited) == b.bare(edited)
}

// bare is the record's text without what may change although nothing did.
func (r *Record) bare(edited bool) string {
	r.Objects, r.Via = nil, ""
	for _, it := range r.Templates {
		if edited {
			it.Sum = ""
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	return string(text)
}

// Via returns the composite config, as an owner's text, that the record in an
// annotation's value comes from; "" for none.
func Via(value string) string {
	var r struct{ Via string }
	if !strings.Contains(value, `"via"`) || json.Unmarshal([]byte(value), &r) != nil {
		return ""
	}
	return r.Via
}

// items returns the items of a template, nil when the record has none there.
func (r *Record) items(path string) *Items {
	if r == nil || r.Templates[path] == nil {
		return &Items{}
	}
	return r.Templates[path]
}

// empty reports whether nothing was added to the template.
func (it *Items) empty() bool {
	return len(it.Containers)+len(it.Volumes)+len(it.Mounts)+len(it.Env)+len(it.Labels)+len(it.Annotations)+
		len(it.Elements) == 0 && it.Shares == nil
}

func (it *Items) shares() Shares {
	if it.Shares == nil {
		return Shares{}
	}
	return *it.Shares
}

// empty reports whether the record names nothing.
func (r *Record) empty() bool {
	return len(r.Templates) == 0 && len(r.Objects) == 0 && len(r.Changes) == 0
}

// member names a thing inside one of the user's containers.
func member(container, name string) string { return container + ":" + name }

// split takes a member's name apart. Container names hold no colon.
func split(member string) (container, name string) {
	container, name, _ = strings.Cut(member, ":")
	return container, name
}

// OwnerOf returns whose record an annotation holds, if it holds one.
func OwnerOf(key string) (Owner, bool) {
	if !IsRecord(key) {
		return Owner{}, false
	}
	return ownerOf(key), true
}

// TemplatePaths returns the places of the pod templates that records name. A
// record that cannot be read names none.
func TemplatePaths(annotations map[string]string) []edit.Path {
	all, _ := records(annotations)
	var paths []edit.Path
	for _, r := range all {
		for text := range r.Templates {
			if path, err := edit.ParsePath(text); err == nil {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// Generated returns the objects, as Kind/name, that the record of an owner
// names.
func Generated(annotations map[string]string, owner Owner) []string {
	all, _ := records(annotations)
	if r := all[owner.Key()]; r != nil {
		return r.Objects
	}
	return nil
}
