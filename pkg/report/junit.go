package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// The elements of JUnit's XML, as CI systems read them.
type (
	suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Cases    []testCase `xml:"testcase"`

		named map[string]int // tests by class and name
	}
	testCase struct {
		ClassName string   `xml:"classname,attr"`
		Name      string   `xml:"name,attr"`
		File      string   `xml:"file,attr,omitempty"`
		Line      int      `xml:"line,attr,omitempty"`
		Failure   *failure `xml:"failure,omitempty"`
		Out       string   `xml:"system-out,omitempty"`
	}
	failure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// junit writes a suite for each file, in which what fails the run is a failure,
// and what does not is the output of a test that passes. A run without findings is
// one test, since systems take no tests for a mistake.
func (r Run) junit(w io.Writer) error {
	all := suites{Name: r.Program}
	place := map[string]int{}
	for _, res := range r.Report.Results {
		name := cmp.Or(file(res), r.Program)
		i, ok := place[name]
		if !ok {
			i, place[name] = len(all.Suites), len(all.Suites)
			all.Suites = append(all.Suites, suite{Name: name})
		}
		all.Suites[i].add(r.testCase(res))
	}
	if len(all.Suites) == 0 {
		all.Suites = []suite{{Name: r.Program}}
		all.Suites[0].add(testCase{ClassName: r.Program, Name: fmt.Sprintf("%d objects", r.Report.Judged.Objects)})
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

// add takes a test in. Systems tell tests from each other by their names.
func (s *suite) add(c testCase) {
	if s.named == nil {
		s.named = map[string]int{}
	}
	name := c.ClassName + " " + c.Name
	if s.named[name]++; s.named[name] > 1 {
		c.Name = fmt.Sprintf("%s (%d)", c.Name, s.named[name])
	}
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
}

func (r Run) testCase(res krm.Result) testCase {
	c := testCase{ClassName: rule(res), Name: cmp.Or(subject(res), string(res.Code)), File: file(res), Line: res.AtLine}
	if name := r.nameOf(res.Rule); name != "" {
		c.ClassName += "." + name
	}
	plain := r
	plain.Colour = false
	if res.Fatal() {
		c.Failure = &failure{Type: string(res.Severity), Message: res.Message, Text: plain.line(res)}
	} else {
		c.Out = plain.line(res)
	}
	return c
}
