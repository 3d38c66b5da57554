package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChecks holds texts that each check takes, and some that it does not.
func TestChecks(t *testing.T) {
	for _, c := range []struct {
		name       string
		check      Check
		good, evil string // separated by spaces
	}{
		{"Quantity", Quantity, "100m 0.5 64Mi 1e3", "0 -1 64MB x 1h"},
		{"Duration", Duration, "30s 5m 1h30m 1.5s", "0s -1s 30 5d x"},
		{"Port", Port, "1 80 65535", "0 65536 -1 http 8080-8090"},
		{"Number", Number, "0 1 4294967295", "-1 1.5 x"},
		{"FileMode", FileMode, "0640 400 777", "0 0888 1777 rw"},
		{"MountPath", MountPath, "/vault/secrets /etc/app", "/etc / secrets /a/ /a/../b /a:b"},
		{"CIDR", CIDR, "10.0.0.0/8 fd00::/8", "10.0.0.1 10.0.0.0/33 *"},
		{"DNSLabel", DNSLabel, "a web-1", "A a_b -a a.b"},
		{"ObjectName", ObjectName, "a web.v1 web-1", "A a_b -a"},
		{"DataKey", DataKey, "ca.crt a_B-c", "a/b ../a"},
		{"LabelKey", LabelKey, "app example.com/team", "/a a/b/c -a"},
		{"LabelValue", LabelValue, "a A.b_c-d", "-a a/b a- " + strings.Repeat("x", 64)},
		{"EnvName", EnvName, "A a_b A.b", "1a a=b"},
		{"URL", URL("https", "http"), "https://a http://a:80/x?y=z", "a ftp://a https:// https://u:p@a"},
		{"Word", Word("one", "two"), "one two", "three On"},
	} {
		for good := range strings.FieldsSeq(c.good) {
			if wrong := c.check(good); wrong != "" {
				t.Errorf("%s(%q) = %q, want nothing wrong", c.name, good, wrong)
			}
		}
		for evil := range strings.FieldsSeq(c.evil) {
			if c.check(evil) == "" {
				t.Errorf("%s(%q) finds nothing wrong", c.name, evil)
			}
		}
	}
}

func TestEachDoesNotRepeatAPassword(t *testing.T) {
	errs := Each("spec.url", "https://user:hunter2@example.com", URL("https"))
	want := "spec.url: the text holds a user or a password; give them by reference to a Secret"
	if diff := cmp.Diff(want, errs.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestWordHelps(t *testing.T) {
	if got, want := Word("enabled", "disabled")("enable"), "is none of enabled, disabled; did you mean enabled?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOneMember(t *testing.T) {
	type block struct {
		A *SecretKey `json:"a,omitempty"`
		B *SecretKey `json:"b,omitempty"`
	}
	for want, b := range map[string]block{
		"x: empty; choose one of a, b":       {},
		"":                                   {A: &SecretKey{}},
		"x: holds a and b; keep one of them": {A: &SecretKey{}, B: &SecretKey{}},
	} {
		if got := OneMember("x", b).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
