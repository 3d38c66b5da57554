package main

// The parts of patterns.
const (
	label  = `[a-z0-9]([-a-z0-9]*[a-z0-9])?`
	number = `([0-9]+(\.[0-9]*)?|\.[0-9]+)`

	duration = `\+?([0-9.]+(h|m|s|ms|us|µs|μs|ns))+`
)

// patterns are the forms of texts, by the names that the marker
// krm-sidecars:text has for them. They accept at least what the Go code accepts:
// that has the last word, and the better messages. They are written in what Go,
// JavaScript and PCRE have in common.
func patterns() map[string]string {
	return map[string]string{
		"absolute":       `^/`,
		"address":        `:[0-9]+$`,
		"auto":           `^auto$`,
		"bucket":         `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`,
		"cidr":           `^[0-9A-Fa-f.:]+/[0-9]+$`,
		"cidr-or-all":    `^([0-9A-Fa-f.:]+/[0-9]+|\*)$`,
		"chmod":          `^([0-7]{3,4}|[-+=,ugoarwxXst]+)$`,
		"choice":         `^[a-z0-9][-a-z0-9.]*(/[a-z0-9][-a-z0-9.]*)?$|^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$`,
		"core-kind":      `^[A-Z][A-Za-z0-9]*$`,
		"data-key":       `^[-._a-zA-Z0-9]{1,253}$`,
		"dns-label":      `^` + label + `$`,
		"duration":       `^` + duration + `$`,
		"env-name":       `^[A-Za-z_][A-Za-z0-9_]*$`,
		"file-mode":      `^0*[0-7]{1,3}$`,
		"file-name":      `^[A-Za-z0-9._-][A-Za-z0-9._/-]*$`,
		"health":         `^(tcp|none|/.*)$`,
		"host-name":      `^(\*\.)?[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?$`,
		"index":          `^[a-z0-9][a-z0-9._-]*$`,
		"ip-or-cidr":     `^[0-9A-Fa-f.:]+(%[^/]+)?(/[0-9]+)?$`,
		"kind":           `^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Z][A-Za-z0-9]*$`,
		"label-value":    `^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$`,
		"lifetime":       `^([0-9]+d?|` + duration + `)$`,
		"log-group":      `^[A-Za-z0-9._/#-]{1,512}$`,
		"no-blanks":      `^[^ ]+$`,
		"not-empty":      `.`,
		"object-key":     `^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`,
		"object-name":    `^` + label + `(\.` + label + `)*$`,
		"percentage":     `^[0-9]+%$`,
		"ports-of-users": `^[a-z0-9*,:-]+$`,
		"quantity":       `^\+?` + number + `([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$`,
		"ratio":          `^\+?[0-9.]+([eE][+-]?[0-9]+)?$`,
		"region":         `^[a-z0-9-]+$`,
		"server-path":    `^[^/ "\\]+(/[^/ "\\]+)*$`,
		"single-line":    `^[^\x00-\x1f\x7f]*$`,
		"tenant":         `^[A-Za-z0-9!._*'()|-]{1,150}$`,
		"topic":          `^[A-Za-z0-9._-]{1,249}$`,
		"trust-bundle":   `^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$`,
		"upstream":       `^[^ ]+:[0-9]+(:.*)?$`,
		"url":            `^[hH][tT][tT][pP][sS]?://`,
		"version":        `^v?1\.[0-9]{1,3}(\.[0-9]+([-+][0-9A-Za-z.+-]+)?)?$`,
		"word":           `^[A-Za-z0-9_.:-]+$`,
	}
}
