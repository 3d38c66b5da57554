package config

import "strings"

// Nearest returns the candidate that name was most likely meant to be, "" when
// none is near.
func Nearest(name string, candidates []string) string {
	lower := strings.ToLower(name)
	best, found := 1+len(name)/3, "" // one slip in up to five letters, two in up to eight
	for _, c := range candidates {
		if dist := slips(lower, strings.ToLower(c)); dist < best {
			best, found = dist, c
		}
	}
	if found != "" || len(name) < 3 {
		return found
	}
	for _, c := range candidates {
		if other := strings.ToLower(c); strings.HasPrefix(other, lower) || (len(c) > 2 && strings.HasPrefix(lower, other)) {
			return c
		}
	}
	return ""
}

// slips counts the bytes to insert, drop or replace and the neighbours to swap
// that turn a into b.
func slips(a, b string) int {
	if len(a) > len(b)+3 || len(b) > len(a)+3 {
		return len(a) + len(b)
	}
	before, prev := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j]+cost, prev[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(b)]
}
