// Package mesh holds what the functions write for Istio against Istio itself: the
// webhook of the real control plane injects into pods, or does not, and what it
// injects bears what was asked for.
package mesh
