package initcontainer

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

func (f *Fetch) setDefaults() {
	f.Into.setDefaults()
	if g := f.Git; g != nil {
		g.Ref, g.Link, g.Depth, g.SSHKey = cmp.Or(g.Ref, "HEAD"), cmp.Or(g.Link, "current"), cmp.Or(g.Depth, 1), cmp.Or(g.SSHKey, corev1.SSHAuthPrivateKey)
	}
	if f.HTTP != nil {
		f.HTTP.CA.setDefaults()
	}
	if f.OCI != nil {
		f.OCI.CA.setDefaults()
	}
	if f.Image != nil {
		f.Image.Path = cmp.Or(f.Image.Path, "/")
	}
}

func (f *Fetch) validate(c *Config) config.Errors {
	var errs config.Errors
	var set []string
	for _, source := range []struct {
		field string
		there bool
		check func() config.Errors
	}{
		{"git", f.Git != nil, f.Git.validate}, {"http", f.HTTP != nil, f.HTTP.validate}, {"s3", f.S3 != nil, f.S3.validate},
		{"oci", f.OCI != nil, f.OCI.validate}, {"image", f.Image != nil, func() config.Errors { return f.Image.validate(c) }},
	} {
		if source.there {
			set = append(set, source.field)
			errs = append(errs, source.check().Under(source.field)...)
		}
	}
	switch len(set) {
	case 1:
	case 0:
		errs.Addf("", "fetches nothing; choose one of git, http, s3, oci, image")
	default:
		errs.Addf("", "holds %s; keep one of them", strings.Join(set, " and "))
	}
	return append(errs, f.Into.validate()...)
}

func (g *GitSource) validate() config.Errors {
	errs := required("repo", g.Repo, "https://git.example.com/shop/pages.git", config.Repository)
	errs = append(errs, config.Each("ref", g.Ref, word)...)
	errs = append(errs, config.Each("link", g.Link, plainWord)...)
	if g.Depth < 1 {
		errs.Addf("depth", "%d is no number of commits; write 1 or more", g.Depth)
	}
	errs = append(errs, g.Username.Validate("username")...)
	errs = append(errs, g.Password.Validate("password")...)
	errs = append(errs, config.Each("sshSecret", g.SSHSecret, config.ObjectName)...)
	errs = append(errs, config.Each("sshKey", g.SSHKey, config.DataKey)...)
	var byHTTP []string
	for field, key := range map[string]*config.SecretKey{"username": g.Username, "password": g.Password} {
		if key != nil {
			byHTTP = append(byHTTP, field)
		}
	}
	slices.Sort(byHTTP)
	return append(errs, config.GitAccess(g.Repo, g.SSHSecret, false, byHTTP...)...)
}

func (h *HTTPSource) validate() config.Errors {
	errs := required("url", h.URL, "https://example.com/pages.tar.gz", config.SingleLine, config.URL("https", "http"))
	errs = append(errs, config.Each("sha256", h.SHA256, checksum)...)
	errs = append(errs, config.Each("file", h.File, fileName)...)
	if h.URL != "" && h.file() == "" {
		errs.Addf("file", "missing; the URL names no file, so write how it is to be called")
	} else if h.File == "" && fileName(h.file()) != "" && len(errs) == 0 {
		errs.Addf("file", "missing; the last part of the URL is no name of a file, so write how it is to be called")
	}
	errs = append(errs, config.OneOf("unpack", h.Unpack, "tar", "tar.gz", "zip")...)
	errs = append(errs, h.Authorization.Validate("authorization")...)
	return append(errs, h.CA.validate().Under("ca")...)
}

func (s *S3Source) validate() config.Errors {
	errs := required("bucket", s.Bucket, "shop-pages", bucket)
	errs = append(errs, config.Each("path", s.Path, config.SingleLine, inBucket)...)
	errs = append(errs, config.Each("region", s.Region, region)...)
	errs = append(errs, config.Each("endpoint", s.Endpoint, config.SingleLine, config.URL("https", "http"))...)
	errs = append(errs, config.Each("provider", s.Provider, plainWord)...)
	errs = append(errs, s.AccessKey.Validate("accessKey")...)
	errs = append(errs, s.SecretKey.Validate("secretKey")...)
	if (s.AccessKey == nil) != (s.SecretKey == nil) {
		errs.Addf("", "has one of accessKey and secretKey; write both, or none for the identity of the pod")
	}
	return errs
}

func (o *OCISource) validate() config.Errors {
	errs := required("reference", o.Reference, "registry.example.com/pages:1.0", word)
	errs = append(errs, config.Each("pullSecret", o.PullSecret, config.ObjectName)...)
	return append(errs, o.CA.validate().Under("ca")...)
}

func (i *ImageSource) validate(c *Config) config.Errors {
	errs := required("reference", i.Reference, "registry.example.com/pages:1.0", word)
	if i.Path == "/" && c.Minor() < imageVolumesFrom {
		errs.Addf("path", "missing; before Kubernetes 1.%d the directory is copied, and / also holds /proc and the directory that it is copied to, so name one below it", imageVolumesFrom)
	}
	return append(errs, config.Each("path", i.Path, cleanPath)...)
}

// required checks a text that must be there.
func required(field, text, example string, checks ...config.Check) config.Errors {
	var errs config.Errors
	if text == "" {
		errs.Addf(field, "missing; write it like %s", example)
	}
	return append(errs, config.Each(field, text, checks...)...)
}

var (
	wordForm  = lazyre.New(`^[!-,.-~][!-~]*$`)
	plainForm = lazyre.New(`^[A-Za-z0-9_.:-]+$`)
	sumForm   = lazyre.New(`^[0-9a-f]{64}$`)
	nameForm  = lazyre.New(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	zoneForm  = lazyre.New(`^[a-z0-9-]+$`)
)

// word is a text of printable characters without blanks that no tool takes for an
// option.
func word(text string) string {
	if !wordForm().MatchString(text) {
		return "holds blanks or what is not ASCII, or begins with -"
	}
	return ""
}

func plainWord(text string) string {
	if !plainForm().MatchString(text) || strings.Trim(text, ".") == "" {
		return "is no plain word; use letters, digits, _, ., : and -"
	}
	return ""
}

func checksum(text string) string {
	if !sumForm().MatchString(text) {
		return "is no checksum; write the 64 digits that sha256sum prints"
	}
	return ""
}

func bucket(text string) string {
	if !nameForm().MatchString(text) {
		return "is no name of a bucket; use 3 to 63 lower-case letters, digits, - and ."
	}
	return ""
}

// inBucket is a path that does not lead out of its bucket.
func inBucket(text string) string {
	if slices.Contains(strings.Split(text, "/"), "..") {
		return "holds .., which would lead to another bucket; write the path without it"
	}
	return ""
}

func region(text string) string {
	if !zoneForm().MatchString(text) {
		return "is no region; write it like eu-central-1"
	}
	return ""
}
