// Package lint is the function lint-sidecars: it looks at pod templates, whoever
// wrote them, and tells what is wrong with their sidecars and init containers.
//
// A rule is a row of a table with a check, a small function that looks at a
// subject and notes problems. Which rules run, how much they matter and what is
// ignored, is for the config to say.
package lint
