// Package emit writes what functions do to manifests as kustomize patches, for
// hosts that run no functions: Flux, and kustomize without plugins.
//
// Each changed object is compared with what it was. What differs in lists, and
// fields other than labels and annotations, becomes a JSON patch: it reproduces
// the result to the place, where a strategic merge patch would need the schema
// of the kind, and reorders lists. Labels and annotations become a strategic
// merge patch, which needs no schema for maps of strings, and does not care
// whether the map is there: hosts add annotations of their own.
//
// A patch that no longer fits fails and does not change something else: in front
// of every step through a list, a test names the element that has to be there.
package emit
