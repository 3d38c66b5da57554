package config

import (
	"fmt"
	"slices"
	"strings"
)

// FieldError says what is wrong with one field of a config.
type FieldError struct {
	Path string // "spec.logs[0].paths[1]"; "" for the config as a whole
	Msg  string
	Line int // from 1; 0 when it is not known
}

func (e FieldError) Error() string {
	if e.Path == "" {
		return e.Msg
	}
	return e.Path + ": " + e.Msg
}

// Errors is all that is wrong with a config. It is returned as it is, not as an
// error, because a nil Errors in an error would not be nil: see Err.
type Errors []FieldError

// Error returns one line for each error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns es as an error that is nil when there is nothing wrong.
func (es Errors) Err() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

// Addf adds what is wrong with the field at path.
func (es *Errors) Addf(path, format string, args ...any) {
	*es = append(*es, FieldError{Path: path, Msg: fmt.Sprintf(format, args...)})
}

// Under returns es with all paths moved below prefix: for a config that stands
// inside another one.
func (es Errors) Under(prefix string) Errors {
	moved := slices.Clone(es)
	for i := range moved {
		moved[i].Path = join(prefix, moved[i].Path)
	}
	return moved
}

// sorted orders es by line. Errors of one line, or without one, stay in the
// order in which they were found.
func (es Errors) sorted() Errors {
	slices.SortStableFunc(es, func(a, b FieldError) int { return a.Line - b.Line })
	return es
}

// OneOf reports a value that is set and is none of the allowed words.
func OneOf(path, value string, allowed ...string) Errors {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	var errs Errors
	errs.Addf(path, "%q is none of %s", value, strings.Join(allowed, ", "))
	return errs
}

func join(prefix, path string) string {
	if prefix == "" || path == "" || path[0] == '[' {
		return prefix + path
	}
	return prefix + "." + path
}
