package config

import (
	"fmt"
	"slices"
)

// The words for a Placement.
const (
	PlaceFirst = "first"
	PlaceLast  = "last"
)

// Placement says where an injected container stands among the others. It is
// written as the word first or last, or as {before: [...], after: [...]}.
// +krm-sidecars:words=first;last
type Placement struct {
	Word string `json:"-"` // first, last or nothing
	// Before are containers to stand in front of, by name.
	// +krm-sidecars:text=dns-label
	Before []string `json:"before,omitempty"`
	// After are containers to stand behind, by name.
	// +krm-sidecars:text=dns-label
	After []string `json:"after,omitempty"`
}

// DecodeWord reads the short form.
func (p *Placement) DecodeWord(word string) error {
	if word != PlaceFirst && word != PlaceLast {
		return fmt.Errorf("%q is none of %s, %s; or write {before: [...], after: [...]}", word, PlaceFirst, PlaceLast)
	}
	p.Word = word
	return nil
}

func (p *Placement) validate(path string) Errors {
	errs := validateNames(path+".before", p.Before)
	errs = append(errs, validateNames(path+".after", p.After)...)
	for i, name := range p.After {
		if slices.Contains(p.Before, name) {
			errs.Addf(fmt.Sprintf("%s.after[%d]", path, i), "%q is in before as well; keep one", name)
		}
	}
	return errs
}

// validateNames checks a list of container names.
func validateNames(path string, names []string) Errors {
	var errs Errors
	for i, name := range names {
		errs = append(errs, validateLabel(fmt.Sprintf("%s[%d]", path, i), name)...)
	}
	return errs
}
