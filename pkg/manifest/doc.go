// Package manifest reads what hosts and people hand over: a YAML stream, a
// ResourceList, a kind: List, nested in each other, as block YAML, flow YAML or
// JSON. It cuts the text into objects without parsing them, keeps every byte in
// between, and puts the text together again: what was not changed comes out as
// it came in.
//
// An object is parsed when somebody asks for its document, and not before. What
// cannot hold a workload is never parsed.
package manifest
