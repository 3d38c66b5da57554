package krm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// ReadConfigs reads the functionConfigs in the text of a file, one a document,
// in order. Errors are joined: all of the file at once.
func ReadConfigs(functions []Function, file, src string) ([]*Instance, error) {
	s, err := manifest.Read(file, src)
	if err != nil {
		return nil, err
	}
	var all []*Instance
	var errs []error
	for _, o := range s.Objects {
		in, err := readConfig(functions, o)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, in)
	}
	if len(all)+len(errs) == 0 {
		errs = append(errs, fmt.Errorf("%s holds no functionConfig; the kinds are %s", file, strings.Join(Kinds(functions), ", ")))
	}
	return all, errors.Join(errs...)
}

func readConfig(functions []Function, o *manifest.Object) (*Instance, error) {
	d, err := o.Document()
	if err != nil {
		return nil, err
	}
	at := o.Position()
	header := config.ReadHeader(d.Root)
	f, ok := Find(functions, header.Kind)
	if !ok {
		return nil, fmt.Errorf("%s: %s", at, unknownKind(header.Kind, functions))
	}
	in, err := NewInstance(f, d)
	var bad *ConfigError
	if errors.As(err, &bad) {
		bad.File, bad.Line = at.File, o.LineOf(1)-1
	}
	if in != nil {
		in.Source = fmt.Sprintf("%s, line %d", at.File, at.Line)
	}
	return in, err
}
