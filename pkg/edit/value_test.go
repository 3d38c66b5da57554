package edit

import "testing"

func TestWith(t *testing.T) {
	v := Obj(Field{Name: "ports", Value: Seq(Obj(Field{Name: "port", Value: Value{Kind: Number, Text: "80"}}))})
	for path, want := range map[string]string{
		"ports[0].name":       `{"ports":[{"name":"x","port":80}]}`,
		"ports[port=80]":      `{"ports":["x"]}`,
		"ports[name=http]":    `{"ports":[{"port":80},"x"]}`,
		"ports[1].name":       `{"ports":[{"port":80}]}`,
		"type":                `{"ports":[{"port":80}],"type":"x"}`,
		"metadata.name":       `{"ports":[{"port":80}]}`,
		"ports[port=80].port": `{"ports":[{"port":"x"}]}`,
	} {
		p, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.With(p, Str("x")).String(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if v.String() != `{"ports":[{"port":80}]}` {
		t.Errorf("the value itself has changed: %s", v)
	}
}
