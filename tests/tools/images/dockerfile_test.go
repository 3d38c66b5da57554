package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func read(t *testing.T, text, stage string) (*recipe, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Dockerfile")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := openDockerfile(file, map[string]string{"VERSION": "v1", "UNDECLARED": "x"})
	if err != nil {
		return nil, err
	}
	return d.recipe(stage)
}

func TestRecipe(t *testing.T) {
	r, err := read(t, `FROM scratch AS base
ARG VERSION=v0
ARG OTHER=default
LABEL a="$VERSION" b="$OTHER"
ENV PATH=/bin
USER 1:1
ENTRYPOINT ["/x", "y"]

FROM base AS image
ARG VERSION
LABEL b=later
WORKDIR /w
COPY one-$VERSION two /to/

FROM golang AS not-read
RUN make
`, "image")
	if err != nil {
		t.Fatal(err)
	}
	want := v1.Config{
		Labels: map[string]string{"a": "v1", "b": "later"}, Env: []string{"PATH=/bin"}, User: "1:1",
		Entrypoint: []string{"/x", "y"}, WorkingDir: "/w",
	}
	if d := cmp.Diff(want, r.config); d != "" {
		t.Errorf("config (-want +got):\n%s", d)
	}
	if len(r.copies) != 1 || r.copies[0].DestPath != "/to/" || cmp.Diff([]string{"one-v1", "two"}, r.copies[0].SourcePaths) != "" {
		t.Errorf("copies: %v", r.copies)
	}
}

// TestRecipeRefuses what would be missing from the image.
func TestRecipeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"FROM scratch AS image\nRUN make\n":                      "needs a container engine",
		"FROM scratch AS image\nVOLUME /x\n":                     "needs a container engine",
		"FROM scratch AS image\nCMD [\"x\"]\n":                   "needs a container engine",
		"FROM scratch AS image\nENTRYPOINT make\n":               "no shell",
		"FROM scratch AS image\nUSER $UNDECLARED\n":              "$UNDECLARED has no value",
		"FROM scratch AS image\nCOPY --from=build /x /\n":        "plain files",
		"FROM scratch AS image\nCOPY --chmod=755 x /\n":          "plain files",
		"FROM golang AS image\nUSER 1\n":                         `there is no stage "golang"`,
		"FROM scratch AS other\nUSER 1\n":                        `there is no stage "image"`,
		"FROM scratch AS image\nSHELL [\"/bin/sh\"]\nUSER 1:1\n": "needs a container engine",
	} {
		if _, err := read(t, text, "image"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}
