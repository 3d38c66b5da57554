package config

import "strings"

// Choice is one of several blocks of a spec, of which a config holds one.
type Choice[T any] struct {
	Field string // that holds it
	Set   bool
	Block T
}

// Chosen are the choices that are set: of a valid config, that is one.
func Chosen[T any](all []Choice[T]) []Choice[T] {
	var set []Choice[T]
	for _, c := range all {
		if c.Set {
			set = append(set, c)
		}
	}
	return set
}

// OneChoice reports a spec that does not hold exactly one of the blocks. nothing is
// what it is then without any, such as "no proxy".
func OneChoice[T any](nothing string, all []Choice[T]) Errors {
	var errs Errors
	switch set := Chosen(all); len(set) {
	case 1:
	case 0:
		errs.Addf("spec", "%s; choose one of %s", nothing, fieldsOf(all, ", "))
	default:
		errs.Addf("spec", "holds %s; keep one of them, and give each of the others a config of its own", fieldsOf(set, " and "))
	}
	return errs
}

func fieldsOf[T any](choices []Choice[T], between string) string {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.Field
	}
	return strings.Join(names, between)
}
