// Package cli is the command line: functions for hosts, post-render for Helm,
// inject and remove for files, and the manual.
package cli
