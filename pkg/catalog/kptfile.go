package catalog

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// AddToKptfile returns the text of a Kptfile whose pipeline runs functionConfigs
// of the package. Nothing else changes.
func (c *Catalog) AddToKptfile(kptfile krm.Text, configs []krm.Text, use Use) (string, error) {
	for _, file := range configs {
		m, err := c.mutator(file, kptfile.Name, use)
		if err != nil {
			return "", fmt.Errorf("expanding %s: %w", file.Name, err)
		}
		if kptfile.Source, err = m.addTo(kptfile); err != nil {
			return "", fmt.Errorf("adding %s to %s: %w", file.Name, kptfile.Name, err)
		}
	}
	return kptfile.Source, nil
}

// mutator is an entry of a pipeline.
type mutator struct {
	reference
	config string // path in the package
}

func (c *Catalog) mutator(file krm.Text, kptfile string, use Use) (mutator, error) {
	s, err := manifest.Read(file.Name, file.Source)
	if err != nil {
		return mutator{}, err
	}
	if len(s.Objects) != 1 {
		return mutator{}, fmt.Errorf("it holds %d objects, of which kpt reads the first; put each functionConfig into a file of its own", len(s.Objects))
	}
	d, err := s.Objects[0].Document()
	if err != nil {
		return mutator{}, err
	}
	ref, err := c.reference(config.ReadHeader(d.Root), use)
	if err != nil {
		return mutator{}, err
	}
	place, err := filepath.Rel(filepath.Dir(kptfile), file.Name)
	if err != nil || !filepath.IsLocal(place) {
		return mutator{}, fmt.Errorf("kpt reads no config outside of the package of %s; move it there", kptfile)
	}
	return mutator{ref, filepath.ToSlash(place)}, nil
}

func (m mutator) addTo(kptfile krm.Text) (string, error) {
	s, err := manifest.Read(kptfile.Name, kptfile.Source)
	if err != nil {
		return "", err
	}
	if len(s.Objects) != 1 {
		return "", fmt.Errorf("it holds %d objects; a Kptfile is one", len(s.Objects))
	}
	d, err := s.Objects[0].Document()
	if err != nil {
		return "", err
	}
	if h := config.ReadHeader(d.Root); h.Kind != "Kptfile" || !strings.HasPrefix(h.APIVersion, "kpt.dev/") {
		return "", errors.New("it is no Kptfile; kpt pkg init makes one")
	}
	if list := d.Root.Path("pipeline", "mutators"); !list.IsNull() && list.Deref().Kind != yamlpatch.List {
		return "", errors.New("pipeline.mutators: it is no list; write the functions with a dash in front of each")
	}
	res, err := d.Apply(m.edits(d.Root))
	if err == nil && res.Changed {
		s.Objects[0].SetText(res.Text)
	}
	return s.String(), err
}

// edits has every entry for the config run what it should, or adds one.
func (m mutator) edits(root *yamlpatch.Node) []edit.Edit {
	pipeline := edit.Fields("pipeline")
	list := pipeline.With(edit.Name("mutators"))
	var edits []edit.Edit
	found := false
	for i, entry := range root.Path("pipeline", "mutators").Items() {
		if path.Clean(entry.Get("configPath").Str()) == m.config {
			found = true
			edits = append(edits, m.update(list.With(edit.Index(i)), entry)...)
		}
	}
	if found {
		return edits
	}
	name, value := m.field()
	entry := edit.Obj(edit.Field{Name: name, Value: edit.Str(value)}, edit.Field{Name: "configPath", Value: edit.Str(m.config)})
	return []edit.Edit{
		{Op: edit.Ensure, Path: pipeline, Value: edit.Obj()},
		{Op: edit.Ensure, Path: list, Value: edit.Seq()},
		{Op: edit.Insert, Path: list.With(edit.Elem("configPath", m.config)), Value: entry},
	}
}

// update changes what an entry runs; its name and its selectors stay.
func (m mutator) update(at edit.Path, entry *yamlpatch.Node) []edit.Edit {
	name, value := m.field()
	old := entry.Get(name)
	if old != nil && old.Str() == value {
		return nil
	}
	e := set(at.With(edit.Name(name)), edit.Str(value), old != nil)
	e.Where.After = []string{"configPath"} // not behind the dash, where the old one stands: nothing can be spliced in there
	edits := []edit.Edit{e}
	for _, other := range []string{"image", "exec", "tag"} { // a tag says which image may be taken
		if other != name && entry.Get(other) != nil {
			edits = append(edits, edit.Edit{Op: edit.Delete, Path: at.With(edit.Name(other))})
		}
	}
	return edits
}

// field is the field of an entry that says what runs, and its value.
func (m mutator) field() (name, value string) {
	if m.container {
		return "image", m.target
	}
	return "exec", word(m.target)
}

// word quotes a path for kpt, which splits exec into words as a shell does.
func word(text string) string {
	if strings.ContainsAny(text, " \t'\"\\") {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}
