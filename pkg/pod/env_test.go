package pod

import "testing"

// TestRerefer: references get new names at once, so that two may swap theirs; what
// is no reference stays.
func TestRerefer(t *testing.T) {
	as := map[string]string{"A": "B", "B": "A", "HOST": "DB_HOST"}
	for text, want := range map[string]string{
		"$(A)-$(B)":        "$(B)-$(A)",
		"http://$(HOST):1": "http://$(DB_HOST):1",
		"$$(HOST) $$$(A)":  "$$(HOST) $$$(B)",
		"$(HOSTS) $HOST A": "$(HOSTS) $HOST A",
		"":                 "",
	} {
		if have := Rerefer(text, as); have != want {
			t.Errorf("%q becomes %q, not %q", text, have, want)
		}
	}
}
