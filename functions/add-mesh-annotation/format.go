package meshannotation

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// format is what the value of a word has to look like.
type format struct {
	words []string     // the values that there are, as we write them
	also  []string     // others that the mesh takes
	check config.Check // of the value; of each element, where there are several
	sep   string       // between elements; "" where there is one value
	pair  string       // between the name and the value of an element
	tight bool         // no blanks around elements
	all   bool         // "*" stands for all
	none  bool         // nothing stands for none
	env   bool         // elements are variables
}

// formats are the formats that have names. Those of a few words are written out
// in the tag: a|b|c.
func formats() map[string]format {
	const comma = ","
	list := func(check config.Check) format { return format{check: check, sep: comma} }
	truth := []string{"true", "false"}
	return map[string]format{
		"text":        {check: config.SingleLine},
		"json":        {check: jsonText},
		"object":      {check: anything},
		"name":        {check: config.ObjectName},
		"dns-label":   {check: config.DNSLabel},
		"label-value": {check: config.LabelValue},
		"app-id":      {check: appID},
		"path":        {check: absolute},
		"choice":      {check: choice},
		"quantity":    {check: config.Quantity},
		"ratio":       {check: ratio},
		"duration":    {check: config.Duration},
		"number":      {check: config.Number},

		"port":         {check: config.Port},
		"port-or-zero": {check: portOrZero},
		"port-or-name": {check: portOrName},

		"ports":          list(config.Port),
		"ports-or-all":   {check: config.Port, sep: comma, all: true, none: true},
		"port-ranges":    list(portRange),
		"port-names":     list(portRangeOrName),
		"port-or-names":  list(portOrName),
		"cidrs":          {check: config.CIDR, sep: comma, tight: true},
		"cidrs-or-all":   {check: config.CIDR, sep: comma, tight: true, all: true, none: true},
		"addresses":      list(address),
		"numbers":        list(config.Number),
		"words":          list(element),
		"names":          list(config.ObjectName),
		"dns-labels":     list(config.DNSLabel),
		"host-ports":     list(hostPort),
		"upstreams":      list(upstream),
		"ports-of-users": {check: portsOfUsers, sep: ";"},

		"component-levels": {check: config.Word("trace", "debug", "info", "warning", "error", "critical", "off"), sep: comma, pair: ":"},
		"pairs":            {check: element, sep: comma, pair: "="},
		"mounts":           {check: absolute, sep: comma, pair: ":"},
		"env":              {check: anything, pair: "=", env: true}, // a member of an object
		"env-commas":       {check: element, sep: comma, pair: "=", env: true},
		"env-semicolons":   {check: without(";="), sep: ";", pair: "=", env: true},

		"parsed-bool": {words: truth, also: strings.Fields("1 t T TRUE True 0 f F FALSE False")},
		"truth":       {words: truth, also: strings.Fields("True TRUE y Y yes Yes YES t T on On ON 1 False FALSE n N no No NO f F off Off OFF 0")},
		"kuma-bool":   {words: truth, also: []string{"yes", "no"}},
		"kuma-switch": {words: []string{"enabled", "disabled"}, also: []string{"true", "false", "yes", "no"}},
	}
}

func formatOf(name string, known map[string]format) format {
	if f, ok := known[name]; ok {
		return f
	}
	return format{words: strings.Split(name, "|")}
}

// element says what is wrong with one value, or one element of several.
func (f format) element(text string) string {
	if len(f.words) > 0 {
		if slices.Contains(f.also, text) {
			return ""
		}
		return config.Word(f.words...)(text)
	}
	return f.check(text)
}

// value says what is wrong with the whole value of a word.
func (f format) value(text string) string {
	switch {
	case f.all && text == "*", f.none && text == "":
		return ""
	case f.sep == "":
		return f.element(text)
	}
	for part := range strings.SplitSeq(text, f.sep) {
		if trimmed := strings.TrimSpace(part); !f.tight {
			part = trimmed
		} else if trimmed != part {
			return "has blanks between its elements, which the mesh does not take"
		}
		if wrong := f.part(part); wrong != "" {
			return wrong
		}
	}
	return ""
}

// part says what is wrong with an element of a list.
func (f format) part(text string) string {
	if f.pair == "" {
		if wrong := f.element(text); wrong != "" {
			return "has the element " + text + ", which " + wrong
		}
		return ""
	}
	name, value, ok := strings.Cut(text, f.pair)
	if !ok || name == "" {
		return "has the element " + text + "; write it like name" + f.pair + "value"
	}
	if wrong := f.element(value); wrong != "" {
		return "has the element " + text + ", whose value " + wrong
	}
	return ""
}

// yes and no are the words by which people turn things on and off.
const (
	yes = " true yes on y t 1 enabled enable "
	no  = " false no off n f 0 disabled disable "
)

// mended is what a wrong value must have meant, if that is certain.
func (f format) mended(text string) (string, bool) {
	for _, guess := range f.guesses(text) {
		if f.value(guess) == "" {
			return guess, true
		}
	}
	return "", false
}

func (f format) guesses(text string) []string {
	bare := strings.TrimSpace(text)
	all := []string{bare}
	for _, w := range f.words {
		if strings.EqualFold(w, bare) {
			all = append(all, w)
		}
		for _, meaning := range []string{yes, no} {
			if strings.Contains(meaning, " "+strings.ToLower(bare)+" ") && strings.Contains(meaning, " "+w+" ") {
				all = append(all, w)
			}
		}
	}
	if f.sep == "" {
		return all
	}
	parts, ranges := strings.Split(bare, f.sep), []string{}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
		ranges = append(ranges, asRange(parts[i]))
	}
	return append(all, strings.Join(parts, f.sep), strings.Join(ranges, f.sep))
}

// elements are the elements of a value.
func (f format) elements(text string) []string {
	var all []string
	for part := range strings.SplitSeq(text, f.sep) {
		all = append(all, strings.TrimSpace(part))
	}
	return all
}
