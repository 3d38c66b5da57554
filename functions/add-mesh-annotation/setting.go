package meshannotation

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// setting is a word with the value that the config gives it.
type setting struct {
	word
	at    string // path of the field
	parts []part // the value, or its elements
	value any    // as a member of a JSON object
}

// part is a value, or an element of one, and where the config has it.
type part struct{ at, text string }

// text is the whole value.
func (s setting) text() string {
	var all []string
	for _, p := range s.parts {
		all = append(all, p.text)
	}
	return strings.Join(all, s.format.sep)
}

// settingsOf reads the fields that are set in a block.
func settingsOf(block reflect.Value, at string) []setting {
	var all []setting
	walk(block, at, formats(), func(at string, w word, v reflect.Value) {
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		switch s := (setting{word: w, at: at, value: v.Interface()}); {
		case !isSet(v):
		case w.prefix:
			all = append(all, s.each(func(s *setting, name string) { s.key += name })...)
		case w.object && w.member == "":
			all = append(all, s.each(func(s *setting, name string) { s.member = name })...)
		default:
			s.parts = s.partsOf(v)
			all = append(all, s)
		}
	})
	return all
}

// isSet reports whether a field says something: false and 0 do, an empty list
// does.
func isSet(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return !v.IsNil()
	case reflect.String:
		return v.Len() > 0
	default:
		return true
	}
}

// each makes a setting of every entry of a map.
func (s setting) each(name func(*setting, string)) []setting {
	var all []setting
	entries := reflect.ValueOf(s.value)
	for _, key := range sortedKeys(entries) {
		entry := s
		entry.at += "." + key
		entry.value = entries.MapIndex(reflect.ValueOf(key)).Interface()
		entry.parts = []part{{entry.at, fmt.Sprint(entry.value)}}
		name(&entry, key)
		all = append(all, entry)
	}
	return all
}

func sortedKeys(entries reflect.Value) []string {
	var keys []string
	for _, k := range entries.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}

// partsOf writes a value as the mesh wants it.
func (s setting) partsOf(v reflect.Value) []part {
	switch texts, isMap := v.Interface().(map[string]string); {
	case isMap && s.format.pair != "":
		var all []part
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			all = append(all, part{s.at + "." + name, name + s.format.pair + texts[name]})
		}
		return all
	case v.Kind() == reflect.Slice && s.format.sep != "":
		var all []part
		for i := range v.Len() {
			all = append(all, part{fmt.Sprintf("%s[%d]", s.at, i), fmt.Sprint(v.Index(i).Interface())})
		}
		return all
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Map:
		data, _ := json.Marshal(v.Interface()) // what was read from YAML can be written
		return []part{{s.at, string(data)}}
	case v.Kind() == reflect.Bool && v.Bool():
		return []part{{s.at, s.format.words[0]}}
	case v.Kind() == reflect.Bool:
		return []part{{s.at, s.format.words[1]}}
	}
	return []part{{s.at, fmt.Sprint(v.Interface())}}
}

// validate checks the value of a setting.
func (s setting) validate() config.Errors {
	var errs config.Errors
	if s.parts == nil && !s.format.none {
		errs.Addf(s.at, "empty; leave it out, or give it a value")
	}
	if s.prefix {
		errs = append(errs, config.Each(s.at, s.key, config.LabelKey)...)
	}
	for _, p := range s.parts {
		switch wrong := s.wrong(p.text); {
		case s.format.all && p.text == "*" && len(s.parts) == 1:
		case wrong != "":
			errs.Addf(p.at, "%q %s", p.text, wrong)
		case s.format.env && secret(p.text, s.format.pair):
			errs.Addf(p.at, plainSecret)
		}
	}
	if env, ok := s.value.([]corev1.EnvVar); ok {
		errs = append(errs, config.LiteralSecrets(env, s.at)...)
	}
	return errs
}

// wrong says what is wrong with an element.
func (s setting) wrong(text string) string {
	if s.format.pair == "" || s.object {
		return s.format.element(text)
	}
	_, value, _ := strings.Cut(text, s.format.pair)
	return s.format.element(value)
}

// plainSecret is what is wrong with a secret in an annotation.
const plainSecret = "a secret in plain text, which all who may read pods can read; let the proxy take it from a Secret"

// secret reports whether a variable, as name=value, holds a secret.
func secret(text, pair string) bool {
	name, value, _ := strings.Cut(text, pair)
	return len(config.LiteralSecrets([]corev1.EnvVar{{Name: name, Value: value}}, "")) > 0
}
