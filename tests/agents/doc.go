// Package agents checks the configurations that the functions generate with the
// parsers of the agents that are to read them, where those are Go modules, and
// against the keys that the agents' manuals name elsewhere.
//
// It reads the golden cases of the functions, and runs the product for every
// agent with every destination. It is a module of its own, since those parsers
// bring far more modules along than the project needs. Run it with -count=1: Go
// does not notice that a golden case outside of the module has changed.
package agents
