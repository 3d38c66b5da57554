// Package krm runs functions: it reads a ResourceList or a stream, finds the pod
// templates that the configs select, lets inject plan what becomes of them, and
// returns the new text with results.
//
// Nothing is half done: when one object cannot be worked on, all stay as they
// were, and the results tell everything that is wrong.
package krm
