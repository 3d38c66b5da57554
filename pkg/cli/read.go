package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// maxInputVariable names how large a text may be that is read. It is a variable,
// since functions are called without flags.
const maxInputVariable = "KRM_SIDECARS_MAX_INPUT"

// defaultMaxInput has room for some 50,000 Deployments.
const defaultMaxInput = "64Mi"

// maxInput is how many bytes a file, or stdin, may have.
func maxInput() (resource.Quantity, error) {
	given := cmp.Or(os.Getenv(maxInputVariable), defaultMaxInput)
	most, err := resource.ParseQuantity(given)
	if err != nil || most.Value() < 1 {
		return most, fmt.Errorf("%s=%q is no size; write it like %s", maxInputVariable, given, defaultMaxInput)
	}
	return most, nil
}

// readFile reads a text that has a name.
func readFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", reason(err)
	}
	src, err := readAll(f)
	return src, errors.Join(err, f.Close())
}

// readAll reads to the end, in one piece where the size is known. A text that is
// too large is refused before it takes all memory.
func readAll(r io.Reader) (string, error) {
	most, err := maxInput()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	block := int64(64 << 10)
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			b.Grow(int(min(info.Size(), most.Value())))
			block = min(block, info.Size()+1)
		}
	}
	for buffer := make([]byte, block); int64(b.Len()) <= most.Value(); {
		n, err := r.Read(buffer)
		b.Write(buffer[:n])
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", reason(err)
		}
	}
	return "", fmt.Errorf("larger than %s; set the variable %s if that is meant to be", &most, maxInputVariable)
}
