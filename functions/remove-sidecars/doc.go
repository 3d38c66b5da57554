// Package removesidecars is the function remove-sidecars: it takes away what other
// functions added.
//
// It adds nothing itself and keeps no record. The engine plans what goes as it
// does for a config that wants nothing any more, so the bytes from before come
// back.
package removesidecars
