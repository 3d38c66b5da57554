// Package images holds the one table of the images that functions inject. Every
// entry can be overridden in a config.
package images

// Image is an image and how it runs without root.
type Image struct {
	Repository string
	Tag        string
	UID        int64 // numeric: the kubelet cannot verify a user by name
}

// String returns the reference, repository:tag.
func (i Image) String() string { return i.Repository + ":" + i.Tag }

// nobody is the user that images without one of their own run as.
const nobody = 65534

// Busybox runs shell scripts and tail.
func Busybox() Image { return Image{Repository: "busybox", Tag: "1.37.0", UID: nobody} }

// StdoutLinks returns the directories in which images link their log files to
// standard output, by repository name without registry and path. A volume
// mounted there hides the links.
func StdoutLinks() map[string]string {
	return map[string]string{
		"nginx":              "/var/log/nginx",
		"nginx-unprivileged": "/var/log/nginx",
		"openresty":          "/usr/local/openresty/nginx/logs",
		"php":                "/var/log/apache2",
		"wordpress":          "/var/log/apache2",
		"drupal":             "/var/log/apache2",
	}
}
