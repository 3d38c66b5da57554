package config

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// shape is what a node holds, as YAML sees it.
type shape uint8

const (
	ofNull shape = iota
	ofBool
	ofNumber
	ofText
	ofList
	ofMap
)

func (s shape) String() string {
	return [...]string{"nothing", "a boolean", "a number", "text", "a list", "a map"}[s]
}

var numberText = lazyre.New(`^[-+]?(0b[01][01_]*|0o[0-7][0-7_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))$|^\.(nan|NaN|NAN)$`)

func isBool(text string) bool {
	switch text {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return true
	}
	return false
}

// isNumber bothers the expression for few texts: most are words or digits.
func isNumber(text string) bool {
	if strings.IndexByte("+-.0123456789", text[0]) < 0 {
		return false
	}
	return strings.Trim(text, "0123456789") == "" || numberText().MatchString(text)
}

func shapeOf(n *yamlpatch.Node) shape {
	switch n = n.Deref(); {
	case n.IsNull():
		return ofNull
	case n.Kind == yamlpatch.Map:
		return ofMap
	case n.Kind == yamlpatch.List:
		return ofList
	case isText(n), n.Text == "":
		return ofText
	case isBool(n.Text):
		return ofBool
	case isNumber(n.Text):
		return ofNumber
	}
	return ofText
}

// isText reports whether a scalar is text whatever it looks like. An explicit
// tag wins over quotes.
func isText(n *yamlpatch.Node) bool {
	switch n.Tag() {
	case "!!str", "!":
		return true
	case "!!int", "!!float", "!!bool":
		return false
	}
	return n.Style != yamlpatch.Plain
}

// expect reports a node of another shape than the wanted one. The message does
// not repeat the value: it may be a secret in the wrong place.
func (d *decoder) expect(n *yamlpatch.Node, got, want shape) bool {
	if got == want {
		return true
	}
	hint := ""
	switch {
	case want == ofText && (got == ofBool || got == ofNumber):
		hint = "; quote it"
	case (want == ofBool || want == ofNumber) && got == ofText && shapeOf(unquoted(n)) == want:
		hint = "; drop the quotes"
	case want == ofBool:
		hint = "; write true or false"
	case want == ofList && got != ofNull:
		hint = "; put it in a list: [...]"
	}
	d.errorf(n, "%s where %s is expected%s", got, want, hint)
	return false
}

func unquoted(n *yamlpatch.Node) *yamlpatch.Node {
	return &yamlpatch.Node{Text: n.Text, Start: -1}
}

func (d *decoder) scalar(n *yamlpatch.Node, v reflect.Value, shape shape) {
	switch {
	case v.Kind() == reflect.String:
		if d.expect(n, shape, ofText) {
			v.SetString(n.Text)
		}
	case v.Kind() == reflect.Bool:
		if d.expect(n, shape, ofBool) {
			v.SetBool(strings.EqualFold(n.Text, "true"))
		}
	case v.CanInt(), v.CanUint(), v.CanFloat():
		if d.expect(n, shape, ofNumber) {
			d.number(n, v)
		}
	default:
		d.errorf(n, "cannot be read into a %s", v.Type())
	}
}

func (d *decoder) number(n *yamlpatch.Node, v reflect.Value) {
	switch x := scalarOf(n).(type) {
	case int64:
		switch {
		case v.CanInt() && !v.OverflowInt(x):
			v.SetInt(x)
		case v.CanUint() && x >= 0 && !v.OverflowUint(uint64(x)):
			v.SetUint(uint64(x))
		case v.CanFloat():
			v.SetFloat(float64(x))
		default:
			d.errorf(n, "%s is out of range", n.Text)
		}
	case float64:
		if !v.CanFloat() {
			d.errorf(n, "%s is no whole number in range", n.Text)
			return
		}
		v.SetFloat(x)
	}
}

// unmarshal hands a value over to a type that reads JSON.
func (d *decoder) unmarshal(n *yamlpatch.Node, v reflect.Value, to json.Unmarshaler) {
	raw := []byte(n.Text)
	if shapeOf(n) != ofNumber || !json.Valid(raw) { // a quantity wants the number as it is written
		var err error
		if raw, err = json.Marshal(d.free(n)); err != nil {
			d.errorf(n, "cannot be read: %s", err)
			return
		}
	}
	if err := to.UnmarshalJSON(raw); err != nil {
		v.SetZero()
		d.errorf(n, "%s", misfit(n, to, err))
	}
}

// misfit says what a type that reads JSON does not like about a value.
func misfit(n *yamlpatch.Node, to json.Unmarshaler, err error) string {
	want := ""
	switch to.(type) {
	case *resource.Quantity:
		want = "a quantity, such as 100m, 0.5 or 64Mi"
	case *metav1.Duration:
		want = "a duration, such as 30s or 5m"
	case *intstr.IntOrString:
		want = "a number or a name"
	default:
		return err.Error()
	}
	if n.Kind != yamlpatch.Scalar {
		return shapeOf(n).String() + " where " + want + " is expected"
	}
	return strconv.Quote(n.Text) + " is not " + want
}

// scalarOf returns the value of a scalar: nil, bool, int64, float64 or string.
func scalarOf(n *yamlpatch.Node) any {
	switch shapeOf(n) {
	case ofNull:
		return nil
	case ofBool:
		return strings.EqualFold(n.Text, "true")
	case ofNumber:
		return numberOf(n.Text)
	default:
		return n.Text
	}
}

// numberOf reads a number as YAML 1.1 does, which is how Kubernetes reads
// manifests: 0o17, and also 017, is octal.
func numberOf(text string) any {
	text = strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(text, 0, 64); err == nil {
		return i
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	switch sign := text[0]; {
	case strings.HasSuffix(strings.ToLower(text), "nan"):
		return math.NaN()
	case sign == '-':
		return math.Inf(-1)
	default:
		return math.Inf(1)
	}
}
