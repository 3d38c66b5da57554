package initcontainer

import "github.com/krm-sidecars/krm-sidecars/pkg/config"

// pattern is what an init container is for.
type pattern interface {
	setDefaults()
	validate(c *Config) config.Errors // with paths below the pattern's field
	add(p *plan)
}

// choice is a pattern that a config may hold.
type choice struct {
	field string // of spec
	name  string // of the container
	set   bool
	pattern
}

// choices returns all patterns.
func (c *Config) choices() []choice {
	return []choice{
		{"waitFor", "wait-for", len(c.WaitFor) > 0, waits(c.WaitFor)},
		{"migrate", "migrate", c.Migrate != nil, c.Migrate},
		{"fetch", "fetch", c.Fetch != nil, c.Fetch},
		{"permissions", "permissions", c.Permissions != nil, c.Permissions},
		{"render", "render", c.Render != nil, c.Render},
		{"register", "register", c.Register != nil, c.Register},
		{"check", "check", c.Check != nil, c.Check},
		{"script", "script", c.Script != nil, c.Script},
		{"custom", "init", c.Custom != nil, c.Custom},
	}
}

// chosen returns the patterns that the config holds: of a valid one, it is one.
func (c *Config) chosen() []choice {
	var set []choice
	for _, choice := range c.choices() {
		if choice.set {
			set = append(set, choice)
		}
	}
	return set
}
