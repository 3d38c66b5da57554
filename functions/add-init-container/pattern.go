package initcontainer

import "github.com/krm-sidecars/krm-sidecars/pkg/config"

// pattern is what an init container is for.
type pattern interface {
	setDefaults()
	validate(c *Config) config.Errors // with paths below the pattern's field
	add(p *plan)
}

// named is a pattern with the name of its container.
type named struct {
	name string
	pattern
}

// choices returns all patterns.
func (c *Config) choices() []config.Choice[named] {
	return []config.Choice[named]{
		{Field: "waitFor", Set: len(c.WaitFor) > 0, Block: named{"wait-for", waits(c.WaitFor)}},
		{Field: "migrate", Set: c.Migrate != nil, Block: named{"migrate", c.Migrate}},
		{Field: "fetch", Set: c.Fetch != nil, Block: named{"fetch", c.Fetch}},
		{Field: "permissions", Set: c.Permissions != nil, Block: named{"permissions", c.Permissions}},
		{Field: "render", Set: c.Render != nil, Block: named{"render", c.Render}},
		{Field: "register", Set: c.Register != nil, Block: named{"register", c.Register}},
		{Field: "check", Set: c.Check != nil, Block: named{"check", c.Check}},
		{Field: "script", Set: c.Script != nil, Block: named{"script", c.Script}},
		{Field: "custom", Set: c.Custom != nil, Block: named{"init", c.Custom}},
	}
}

// chosen returns the patterns that the config holds: of a valid one, it is one.
func (c *Config) chosen() []config.Choice[named] { return config.Chosen(c.choices()) }
