// Package accepted has a real API server judge what the functions make: every
// golden output, every example, and manifests of other people with each function's
// example config.
//
// An object that a function changed is sent as it is, and each of its pod templates
// as a Pod, to a namespace that enforces Pod Security "restricted". What is not
// accepted must not have been accepted without us either, for the same reasons; then
// our containers are judged alone, beside an app that is accepted.
package accepted
