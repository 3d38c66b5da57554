package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Check is what a text has to be. It returns what is wrong with it and what to
// write instead; "" when it is fine.
type Check func(text string) (wrong string)

// Each checks a text that is set.
func Each(path, text string, checks ...Check) Errors {
	var errs Errors
	if text == "" {
		return nil
	}
	for _, check := range checks {
		if wrong := check(text); wrong != "" {
			errs.Addf(path, "%s %s", shown(text), wrong)
			break
		}
	}
	return errs
}

// shown is a text in a message, which must not tell a password.
func shown(text string) string {
	if hasPassword(text) {
		return "the text"
	}
	return strconv.Quote(text)
}

// All checks the texts of a list.
func All(path string, texts []string, checks ...Check) Errors {
	var errs Errors
	for i, text := range texts {
		at := fmt.Sprintf("%s[%d]", path, i)
		if text == "" {
			errs.Addf(at, "empty; give it a value or leave it out")
		}
		errs = append(errs, Each(at, text, checks...)...)
	}
	return errs
}

// Quantity is an amount above zero, such as 100m or 64Mi.
func Quantity(text string) string {
	if q, err := resource.ParseQuantity(text); err != nil || q.Sign() <= 0 {
		return "is no quantity; write it like 100m, 0.5 or 64Mi"
	}
	return ""
}

// Duration is a time above zero as Go and Kubernetes write it.
func Duration(text string) string {
	if d, err := time.ParseDuration(text); err != nil || d <= 0 {
		return "is no duration; write it like 30s, 5m or 1h30m"
	}
	return ""
}

// Port is a port number.
func Port(text string) string {
	if n, err := strconv.ParseUint(text, 10, 16); err != nil || n == 0 {
		return "is no port; write a number from 1 to 65535"
	}
	return ""
}

// Number is a whole number from zero up.
func Number(text string) string {
	if _, err := strconv.ParseUint(text, 10, 32); err != nil {
		return "is no whole number"
	}
	return ""
}

// FileMode is the mode of a file in octal digits, such as 0640.
func FileMode(text string) string {
	if n, err := strconv.ParseUint(text, 8, 32); err != nil || n == 0 || n > 0o777 {
		return "is no mode of a file; write it in quotes, like \"0640\""
	}
	return ""
}

// MountPath is a directory to mount a volume at: it must not hide what an image
// needs to run.
func MountPath(text string) string {
	switch {
	case !path.IsAbs(text):
		return "is not absolute"
	case path.Clean(text) != text:
		return "is not clean; write " + path.Clean(text)
	case strings.Contains(text, ":"):
		return "holds a colon, which no mount path may"
	case SystemDir(text), text == "/tmp":
		return "would hide the image's own " + text + "; use a directory below it"
	}
	return SingleLine(text)
}

// SystemDir reports whether a directory holds what an image needs to run: a
// volume there would hide it.
func SystemDir(dir string) bool {
	const dirs = "/ /bin /boot /dev /etc /home /lib /lib64 /opt /proc /root /run /sbin /srv /sys /usr /var"
	return slices.Contains(strings.Fields(dirs), path.Clean(dir))
}

// CIDR is a range of addresses, such as 10.0.0.0/8.
func CIDR(text string) string {
	if _, err := netip.ParsePrefix(text); err != nil {
		return "is no range of addresses; write it like 10.0.0.0/8"
	}
	return ""
}

// DNSLabel is the name of a container, volume or service.
func DNSLabel(text string) string {
	if len(validation.IsDNS1123Label(text)) > 0 {
		return "is no name; use up to 63 lower-case letters, digits and -"
	}
	return ""
}

// ObjectName is the name of an object, such as a Secret.
func ObjectName(text string) string {
	if len(validation.IsDNS1123Subdomain(text)) > 0 {
		return "is no name of an object; use up to 253 lower-case letters, digits, - and ."
	}
	return ""
}

// DataKey is a key of a ConfigMap or Secret.
func DataKey(text string) string {
	if len(validation.IsConfigMapKey(text)) > 0 {
		return "is no key of a ConfigMap or Secret; use letters, digits, -, _ and ."
	}
	return ""
}

// LabelKey is the key of a label or annotation.
func LabelKey(text string) string {
	if len(validation.IsQualifiedName(text)) > 0 {
		return "is no key of a label or annotation; write it like app or example.com/team"
	}
	return ""
}

// LabelValue is the value of a label.
func LabelValue(text string) string {
	if len(validation.IsValidLabelValue(text)) > 0 {
		return "is no value of a label; use up to 63 letters, digits, -, _ and ., with a letter or digit at both ends"
	}
	return ""
}

// EnvName is the name of an environment variable.
func EnvName(text string) string {
	if len(validation.IsEnvVarName(text)) > 0 {
		return "is no name of a variable; use letters, digits, _, - and ., no digit first"
	}
	return ""
}

// URL is an absolute address of one of the schemes, without user and password.
func URL(schemes ...string) Check {
	return func(text string) string {
		u, err := url.Parse(text)
		switch {
		case err != nil, u.Host == "", !slices.Contains(schemes, u.Scheme):
			return "is no address; write it like " + schemes[0] + "://host:port/path" + oneOfSchemes(schemes)
		case u.User != nil:
			return "holds a user or a password; give them by reference to a Secret"
		case hasPassword(text):
			return "holds a secret, as signed URLs do; give it by reference to a Secret"
		}
		return ""
	}
}

func oneOfSchemes(schemes []string) string {
	if len(schemes) == 1 {
		return ""
	}
	return ", with one of the schemes " + strings.Join(schemes, ", ")
}

// Word is one of the given words.
func Word(allowed ...string) Check {
	return func(text string) string {
		if slices.Contains(allowed, text) {
			return ""
		}
		if near := Nearest(text, allowed); near != "" {
			return "is none of " + strings.Join(allowed, ", ") + "; did you mean " + near + "?"
		}
		return "is none of " + strings.Join(allowed, ", ")
	}
}

// SingleLine is a text without line breaks and other control characters.
func SingleLine(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "holds control characters"
	}
	return ""
}

// NoPassword reports a text that holds a password; unlike a Check, it does not
// repeat the text.
func NoPassword(path, text string) Errors {
	var errs Errors
	if hasPassword(text) {
		errs.Addf(path, hasOne, "PASSWORD")
	}
	return errs
}

// NoPasswords is NoPassword for a list.
func NoPasswords(path string, texts []string) Errors { return literalSecretArgs(path, texts) }

// Members returns the names of the fields that are set in a struct of pointers:
// a block of which one member is chosen, such as a destination.
func Members(block any) (set, all []string) {
	v := reflect.Indirect(reflect.ValueOf(block))
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || f.Type.Kind() != reflect.Pointer {
			continue
		}
		all = append(all, name)
		if !v.Field(i).IsNil() {
			set = append(set, name)
		}
	}
	return set, all
}

// OneMember reports a block of which not exactly one member is set.
func OneMember(path string, block any) Errors {
	var errs Errors
	switch set, all := Members(block); len(set) {
	case 1:
	case 0:
		errs.Addf(path, "empty; choose one of %s", strings.Join(all, ", "))
	default:
		errs.Addf(path, "holds %s; keep one of them", strings.Join(set, " and "))
	}
	return errs
}

// Required checks a text that cannot be left out; what says what it names.
func Required(path, text, what string, checks ...Check) Errors {
	if text == "" {
		return Errors{{Path: path, Msg: "missing; name " + what}}
	}
	return Each(path, text, checks...)
}

// PortNumber checks the number of a port; 0 is left open.
func PortNumber(path string, n int32) Errors {
	var errs Errors
	if n < 0 || n > 65535 {
		errs.Addf(path, "%d is no port; write a number from 1 to 65535", n)
	}
	return errs
}
