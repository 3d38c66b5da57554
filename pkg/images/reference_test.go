package images

import "testing"

func TestParse(t *testing.T) {
	for image, want := range map[string]Reference{
		"web":                                 {"web", "", ""},
		"web:1.4":                             {"web", "1.4", ""},
		"registry:5000/web":                   {"registry:5000/web", "", ""},
		"registry:5000/shop/web:1.4@sha256:0": {"registry:5000/shop/web", "1.4", "sha256:0"},
		"shop/web@sha256:0":                   {"shop/web", "", "sha256:0"},
		":1":                                  {"", "1", ""},
		"":                                    {},
	} {
		if have := Parse(image); have != want {
			t.Errorf("%q is read as %+v", image, have)
		}
	}
}
