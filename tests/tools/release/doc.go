// Package release checks what publishes a release before a tag does: the
// workflows, the one that docs/ci.md offers included, with actionlint, and
// .goreleaser.yaml with goreleaser's own strict loader.
//
// It is a module of its own, since both bring along more modules than the
// project needs. Run it with -count=1: Go does not notice that a file outside of
// the module has changed.
package release
