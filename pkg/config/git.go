package config

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

var repositoryForm = lazyre.New(`^((https?|ssh|git)://[^\s]+|[^\s@/:-][^\s@/:]*@[^\s/:]+:[^\s]+)$`)

// Repository is an address that git takes: a URL by https, http, ssh or git, or
// user@host:path, which is ssh.
func Repository(text string) string {
	if !repositoryForm().MatchString(text) {
		return "is no repository; write it like https://git.example.com/shop/pages.git or git@git.example.com:shop/pages.git"
	}
	if strings.HasPrefix(text, "http") {
		return URL("https", "http")(text)
	}
	return ""
}

// GitAccess reports credentials that do not go with a repository, which are fields
// beside it: sshSecret, and those of byHTTP that are set. A repository over ssh
// needs a key, unless it comes in another way.
func GitAccess(repo, sshSecret string, otherKey bool, byHTTP ...string) Errors {
	var errs Errors
	if Repository(repo) != "" {
		return nil
	}
	overHTTP, overSSH := strings.HasPrefix(repo, "http"), strings.HasPrefix(repo, "ssh:") || !strings.Contains(repo, "://")
	switch {
	case overHTTP && sshSecret != "":
		errs.Addf("sshSecret", "is for a repository over SSH, such as git@git.example.com:shop/pages.git; over HTTPS git asks for a user and a password or token")
	case overSSH && sshSecret == "" && !otherKey:
		errs.Addf("sshSecret", "missing; a repository over SSH needs a Secret with a private key and known_hosts")
	}
	for _, field := range byHTTP {
		if overSSH {
			errs.Addf(field, "is for a repository over HTTPS; use sshSecret")
		}
	}
	return errs
}
