package vaultinit

import (
	"cmp"
	"path"
)

// Secret is something to read from the server and to render.
// +krm-sidecars:oneOf=path;template;templateFile;pki
type Secret struct {
	// Name is that of the file, and what env refers to. Default: the last part of the
	// path.
	Name string `json:"name,omitempty"`
	// Path is what to read, such as secret/data/web or database/creds/web.
	// +krm-sidecars:text=server-path
	Path string `json:"path,omitempty"`
	// Version is that of the key/value engine: 1, or 2, which adds data/ to a path that has
	// none. Default: 2 for a path with data/, else what the server answers.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2
	Version int `json:"version,omitempty"`
	// Keys are what to render; a key that is not there is an error. Default: all.
	// +krm-sidecars:text=not-empty
	Keys []string `json:"keys,omitempty"`
	// Format is file (the value of a single key, else lines of key: value), env
	// (KEY='value'), json, properties, or template. Default file.
	// +kubebuilder:validation:Enum=file;env;json;properties;template
	Format string `json:"format,omitempty"`
	// Template is the text of a template of the agent, for anything else.
	Template string `json:"template,omitempty"`
	// TemplateFile is a file with the template, in the agent's container.
	// +krm-sidecars:text=absolute
	TemplateFile string `json:"templateFile,omitempty"`
	// Delimiters are what begins and ends the actions of the template. Default: {{ and
	// }}.
	// +kubebuilder:validation:MinItems=2
	// +kubebuilder:validation:MaxItems=2
	// +krm-sidecars:text=not-empty
	Delimiters []string `json:"delimiters,omitempty"`
	// PKI issues a certificate and writes it with its key and authority: one issue,
	// files that belong together.
	PKI *PKI `json:"pki,omitempty"`
	// Files are what pki writes.
	Files PKIFiles `json:"files,omitempty"`
	// File is what to write, below dir. Default: the name.
	// +krm-sidecars:text=file-name
	File string `json:"file,omitempty"`
	// FileMode is the mode of the file, in quotes. Default: "0640", or "0644" where the
	// app could not read that.
	// +krm-sidecars:text=file-mode
	FileMode string `json:"fileMode,omitempty"`
	// Dir is the directory of the file in the app's containers; each one is a volume.
	// Default: mount.path.
	// +krm-sidecars:text=absolute
	Dir string `json:"dir,omitempty"`
	// Command is what to run in the agent's container after the file was written: the
	// program and its arguments. Beside the app a failure ends the agent. Default:
	// nothing.
	// +krm-sidecars:text=not-empty
	Command []string `json:"command,omitempty"`
	// AllowMissingKeys renders a template although keys are missing. Default false.
	AllowMissingKeys bool `json:"allowMissingKeys,omitempty"`
}

// PKI is a certificate to issue.
type PKI struct {
	// Path is where to issue, such as pki/issue/web. Required.
	// +required
	// +krm-sidecars:text=server-path
	Path string `json:"path,omitempty"`
	// CommonName is the host name to certify. Required.
	// +required
	// +krm-sidecars:text=host-name
	CommonName string `json:"commonName,omitempty"`
	// AltNames are further host names.
	// +krm-sidecars:text=host-name
	AltNames []string `json:"altNames,omitempty"`
	// IPSANs are further IP addresses.
	IPSANs []string `json:"ipSans,omitempty"`
	// TTL is how long the certificate is valid, such as 24h or 30d. Default: that
	// of the role.
	// +krm-sidecars:text=lifetime
	TTL string `json:"ttl,omitempty"`
	// Chain puts the authority behind the certificate in one file, as servers need
	// it whose authority is not a root. Default false.
	Chain bool `json:"chain,omitempty"`
}

// PKIFiles are the files of a certificate, below the secret's dir. The secret's
// own file holds all of them in one, from which the agent knows when to renew.
type PKIFiles struct {
	// Certificate is the file of the certificate. Default tls.crt.
	// +krm-sidecars:text=file-name
	Certificate string `json:"certificate,omitempty"`
	// PrivateKey is the file of the key. Default tls.key.
	// +krm-sidecars:text=file-name
	PrivateKey string `json:"privateKey,omitempty"`
	// CA is the file of the authority. Default ca.crt.
	// +krm-sidecars:text=file-name
	CA string `json:"ca,omitempty"`
}

// The formats.
const (
	formatFile       = "file"
	formatEnv        = "env"
	formatJSON       = "json"
	formatProperties = "properties"
	formatTemplate   = "template"
)

func (s *Secret) setDefaults() {
	setDefault(&s.Name, path.Base(cmp.Or(s.Path, s.pkiPath(), "secret")))
	if s.PKI != nil {
		setDefault(&s.Files.Certificate, "tls.crt")
		setDefault(&s.Files.PrivateKey, "tls.key")
		setDefault(&s.Files.CA, "ca.crt")
	}
}

func (s Secret) pkiPath() string {
	if s.PKI == nil {
		return ""
	}
	return s.PKI.Path
}

// format is what was chosen, or goes without saying.
func (s Secret) format() string {
	if s.Format == "" && s.templated() {
		return formatTemplate
	}
	return cmp.Or(s.Format, formatFile)
}

// templated reports whether the file comes from a template of the user's.
func (s Secret) templated() bool { return s.Template+s.TemplateFile != "" }

// file is the name of the secret's own file, below its dir.
func (s Secret) file() string {
	if s.File == "" && s.PKI != nil {
		return s.Name + ".pem"
	}
	return cmp.Or(s.File, s.Name)
}

// files are the names of all that the secret writes.
func (s Secret) files() []string {
	if s.PKI == nil {
		return []string{s.file()}
	}
	return []string{s.file(), s.Files.Certificate, s.Files.PrivateKey, s.Files.CA}
}
