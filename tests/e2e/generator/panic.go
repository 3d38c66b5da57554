package main

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// panicking is a function with a mistake in it.
func panicking() krm.Function {
	return krm.Function{
		Name: "add-test-panic", Kind: "AddTestPanic",
		Short:   "Panics.",
		Readme:  "# add-test-panic\n\nPanics.\n",
		Example: "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddTestPanic\nmetadata:\n  name: oops\n",
		New:     func() krm.Spec { return &testPanic{} },
	}
}

// testPanic configures add-test-panic.
type testPanic struct {
	config.Common `json:",inline"`

	// In is the method that panics.
	In string `json:"in,omitempty"`
}

// Default panics when it is told to.
func (c *testPanic) Default() {
	c.Common.Default()
	c.oops("default", nil)
}

// Validate panics when it is told to.
func (c *testPanic) Validate() config.Errors {
	c.oops("validate", nil)
	return c.Common.Validate()
}

// Injection panics when it is told to.
func (c *testPanic) Injection(*pod.View, inject.Owner) (*inject.Injection, []pod.Finding) {
	c.oops("injection", nil)
	return &inject.Injection{}, []pod.Finding{}
}

// oops makes the mistake that is made most often.
func (c *testPanic) oops(in string, none []string) {
	if c.In == in {
		c.In = none[0]
	}
}
