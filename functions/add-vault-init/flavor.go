package vaultinit

// flavor is a server with its agent.
type flavor struct {
	name   string
	binary string
	image  string // in the table of images
	prefix string // of environment variables
	home   string
	group  int64 // that the image's user is in
}

const (
	flavorVault   = "vault"
	flavorOpenBao = "openbao"
)

func flavors() []flavor {
	return []flavor{
		{name: flavorVault, binary: "vault", image: "vault", prefix: "VAULT_", home: "/home/vault", group: 1000},
		{name: flavorOpenBao, binary: "bao", image: "openbao", prefix: "BAO_", home: "/home/openbao", group: 1000},
	}
}

// flavor returns what the config chose; only valid configs are asked.
func (c *Config) flavor() flavor {
	for _, f := range flavors() {
		if f.name == c.Flavor {
			return f
		}
	}
	return flavors()[0]
}

// tokenFile is where both programs look for the token to use, in their home.
func (p *plan) tokenFile() string { return p.flavor().home + "/.vault-token" }
