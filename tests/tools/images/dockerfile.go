package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// recipe is what a stage of a Dockerfile, and those it is based on, say.
type recipe struct {
	config v1.Config
	copies []*instructions.CopyCommand // one for each layer
}

// dockerfile is a Dockerfile of which stages can be read that need no engine:
// those that stand on scratch and run no program.
type dockerfile struct {
	stages []instructions.Stage
	args   map[string]string // values of ARG
	lex    *shell.Lex
}

func openDockerfile(file string, args map[string]string) (*dockerfile, error) {
	r, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	parsed, err := parser.Parse(r)
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", file, err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", file, err)
	}
	return &dockerfile{stages: stages, args: args, lex: shell.NewLex(parsed.EscapeToken)}, nil
}

// recipe reads a stage.
func (d *dockerfile) recipe(name string) (*recipe, error) {
	i := slices.IndexFunc(d.stages, func(s instructions.Stage) bool { return s.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no stage %q", name)
	}
	r, err := &recipe{config: v1.Config{Labels: map[string]string{}}}, error(nil)
	if base := d.stages[i].BaseName; base != "scratch" {
		if r, err = d.recipe(base); err != nil {
			return nil, err
		}
	}
	env := environment{}
	for _, command := range d.stages[i].Commands {
		if err := d.step(r, env, command); err != nil {
			return nil, fmt.Errorf("stage %s: %s: %w", name, command.Name(), err)
		}
	}
	return r, nil
}

// environment is what $NAME stands for in a stage.
type environment map[string]string

// Get returns a value. It has the name that the shell's lexer asks for.
func (e environment) Get(name string) (string, bool) {
	value, ok := e[name]
	return value, ok
}

// Keys returns the names.
func (e environment) Keys() []string { return nil }

// step does one instruction.
func (d *dockerfile) step(r *recipe, env environment, command instructions.Command) error {
	if c, ok := command.(instructions.SupportsSingleWordExpansion); ok {
		expand := func(word string) (string, error) {
			text, unset, err := d.lex.ProcessWord(word, env)
			for name := range unset {
				return "", fmt.Errorf("$%s has no value", name)
			}
			return text, err
		}
		if err := c.Expand(expand); err != nil {
			return err
		}
	}
	if c, ok := command.(*instructions.ArgCommand); ok {
		d.declare(env, c)
		return nil
	}
	return r.apply(command)
}

// apply does an instruction that is about the image. What would be left out of
// it in silence is an error.
func (r *recipe) apply(command instructions.Command) error {
	switch c := command.(type) {
	case *instructions.LabelCommand:
		for _, l := range c.Labels {
			r.config.Labels[l.Key] = l.Value
		}
	case *instructions.EnvCommand:
		for _, e := range c.Env {
			r.config.Env = append(r.config.Env, e.String())
		}
	case *instructions.UserCommand:
		r.config.User = c.User
	case *instructions.WorkdirCommand:
		r.config.WorkingDir = c.Path
	case *instructions.EntrypointCommand:
		if c.PrependShell {
			return errors.New("the image has no shell; write a list")
		}
		r.config.Entrypoint = c.CmdLine
	case *instructions.CopyCommand:
		if c.From != "" || c.Chown != "" || c.Chmod != "" || len(c.SourceContents) > 0 {
			return errors.New("only plain files of the context can be copied")
		}
		r.copies = append(r.copies, c)
	default:
		return errors.New("needs a container engine")
	}
	return nil
}

// declare brings the value of an ARG into a stage: the one given, or its default.
func (d *dockerfile) declare(env environment, c *instructions.ArgCommand) {
	for _, a := range c.Args {
		if a.Value != nil {
			env[a.Key] = *a.Value
		}
		if value, ok := d.args[a.Key]; ok {
			env[a.Key] = value
		}
	}
}
