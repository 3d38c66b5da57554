package meshannotation

import (
	"encoding/json"
	"errors"
	"strconv"
)

// Port is a port, written as a number or as text: a number, a range, or the name
// of a container port.
// +krm-sidecars:portOr=no-blanks
type Port string

// UnmarshalJSON reads both forms.
func (p *Port) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*p = Port(text)
		return nil
	}
	var number int64
	if err := json.Unmarshal(data, &number); err != nil {
		return errors.New("is no port; write a number, or text")
	}
	*p = Port(strconv.FormatInt(number, 10))
	return nil
}
