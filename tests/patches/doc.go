// Package patches holds the patches of inject --emit against kustomize itself:
// what kustomize makes of the input and the patches is what the functions make
// of the input, node for node.
//
// It is a module of its own: kustomize is not to meet the modules of the
// product. Run it with -count=1: Go does not notice that a manifest outside of
// the module has changed.
package patches
