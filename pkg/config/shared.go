package config

// Shared returns c: specs that embed Common have it for free.
func (c *Common) Shared() *Common { return c }
