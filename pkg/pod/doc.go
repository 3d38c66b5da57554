// Package pod knows where pod templates live, in built-in kinds and in custom
// resources, and shows them to functions as plain data: a View.
package pod
