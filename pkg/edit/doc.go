// Package edit holds the plain data that says where a document changes: a
// Path names a place, a Value is what shall stand there, an Edit ties both to
// an operation.
//
// Edits are data so that several readers can share them: package yamlpatch
// splices them into source text, reports show them, and patches for other
// tools are written from them. Nothing in here knows YAML.
package edit
