// Package together runs a pod that all functions have changed, and takes
// everything away again.
package together
