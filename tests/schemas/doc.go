// Package schemas holds the schemas of functionConfigs against the code that
// reads configs: what one accepts and refuses, the other does.
package schemas
