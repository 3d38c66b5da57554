// Package config reads the configuration of a function, the functionConfig,
// into Go structs, and holds the part that all functions share.
//
// Reading is strict: unknown fields, duplicate keys and values of the wrong
// type are errors. It never stops at the first one: whoever writes a config
// sees all that is wrong in one run, each error with its field and line.
//
//	var spec Spec // embeds config.Common
//	errs := config.Decode(doc, &spec)
//	spec.Default()
//	errs = append(errs, spec.Validate()...).Locate(doc)
//
// A functionConfig is an object of a kind of ours, or a v1 ConfigMap whose keys
// are dotted paths below spec, which is what kpt makes of `-- key=value`.
package config
