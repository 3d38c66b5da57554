// Package inits runs the init containers that add-init-container gives to a pod.
package inits
