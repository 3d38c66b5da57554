// Command peers measures us and other tools that can add a container to manifests,
// on the same input, in one run, in turns. Each runs as a process of its own. It
// prints a table of time, peak memory and lines of the input that were lost, and
// fails where a target is missed.
//
// make bench-peers builds the tools first.
package main
