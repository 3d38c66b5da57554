package initcontainer

import (
	"cmp"
	"path"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Fetch brings files from elsewhere: by one of git, http, s3, oci and image.
// +krm-sidecars:oneOf=git;http;s3;oci;image
type Fetch struct {
	// Git is a repository.
	Git *GitSource `json:"git,omitempty"`
	// HTTP is a file of a server.
	HTTP *HTTPSource `json:"http,omitempty"`
	// S3 is a bucket, of Amazon or of a server that speaks the same.
	S3 *S3Source `json:"s3,omitempty"`
	// OCI is an artefact in a registry, as oras makes them.
	OCI *OCISource `json:"oci,omitempty"`
	// Image is a directory of an image. From Kubernetes 1.35 on it is mounted in the
	// app, read only and without any init container; before that an init container
	// copies it, for which the image has to have cp.
	Image *ImageSource `json:"image,omitempty"`
	// Into is the directory that the files go to. Required.
	// +required
	Into *Into `json:"into,omitempty"`
}

// GitSource is a repository.
type GitSource struct {
	// Repo is its URL, by https or ssh. Required.
	// +required
	// +krm-sidecars:text=no-blanks
	Repo string `json:"repo,omitempty"`
	// Ref is a branch, a tag or a commit. Default HEAD.
	// +krm-sidecars:text=no-blanks
	// +kubebuilder:default=HEAD
	Ref string `json:"ref,omitempty"`
	// Link is the name of the symbolic link in the directory that leads to the files.
	// Default current.
	// +krm-sidecars:text=word
	// +kubebuilder:default=current
	Link string `json:"link,omitempty"`
	// Depth is how many commits are fetched. Default 1.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:default=1
	Depth int32 `json:"depth,omitempty"`
	// Username is the key of a Secret that holds the user, for https.
	Username *config.SecretKey `json:"username,omitempty"`
	// Password is the key of a Secret that holds the password or token, for https.
	Password *config.SecretKey `json:"password,omitempty"`
	// GroupWrite lets the group of the volume, which is the pod's fsGroup, change the
	// files. Default false.
	GroupWrite bool `json:"groupWrite,omitempty"`
	// SSHSecret names a Secret with a private key and known_hosts, for ssh.
	// +krm-sidecars:text=object-name
	SSHSecret string `json:"sshSecret,omitempty"`
	// SSHKey is the key of sshSecret that holds the private key. Default
	// ssh-privatekey, as Secrets of the type kubernetes.io/ssh-auth have it.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=ssh-privatekey
	SSHKey string `json:"sshKey,omitempty"`
}

// HTTPSource is a file of a server.
type HTTPSource struct {
	// URL of the file, by http or https. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// SHA256 is the checksum that the file must have.
	// +kubebuilder:validation:Pattern=`^[0-9a-f]{64}$`
	SHA256 string `json:"sha256,omitempty"`
	// File is its name in the directory. Default: the last part of the URL.
	// +krm-sidecars:text=file-name
	File string `json:"file,omitempty"`
	// Unpack is tar, tar.gz or zip: the file is an archive, whose content goes into
	// the directory.
	// +kubebuilder:validation:Enum=tar;tar.gz;zip
	Unpack string `json:"unpack,omitempty"`
	// Authorization is the key of a Secret that holds the header Authorization, such
	// as Bearer and a token.
	Authorization *config.SecretKey `json:"authorization,omitempty"`
	// CA checks the certificate of the server. Default: the authorities that the image
	// of curl knows.
	CA *CA `json:"ca,omitempty"`
}

// S3Source is a bucket.
type S3Source struct {
	// Bucket is its name. Required.
	// +required
	// +krm-sidecars:text=bucket
	Bucket string `json:"bucket,omitempty"`
	// Path of the directory or file in the bucket. Default: all of it.
	// +krm-sidecars:text=single-line
	Path string `json:"path,omitempty"`
	// Region of the bucket.
	// +krm-sidecars:text=region
	Region string `json:"region,omitempty"`
	// Endpoint is the URL of a server that is not Amazon's.
	// +krm-sidecars:text=url
	Endpoint string `json:"endpoint,omitempty"`
	// Provider is what rclone calls the server, such as Minio. Default AWS, or Other
	// with an endpoint.
	// +krm-sidecars:text=word
	Provider string `json:"provider,omitempty"`
	// AccessKey is the key of a Secret that holds the id of the access key. Default:
	// the identity of the pod.
	AccessKey *config.SecretKey `json:"accessKey,omitempty"`
	// SecretKey is the key of a Secret that holds the secret access key.
	SecretKey *config.SecretKey `json:"secretKey,omitempty"`
}

// OCISource is an artefact in a registry.
type OCISource struct {
	// Reference of the artefact, with a tag or a digest. Required.
	// +required
	// +krm-sidecars:text=no-blanks
	Reference string `json:"reference,omitempty"`
	// PullSecret names a Secret of the type kubernetes.io/dockerconfigjson.
	// +krm-sidecars:text=object-name
	PullSecret string `json:"pullSecret,omitempty"`
	// CA checks the certificate of the registry. Default: the authorities that the
	// image of oras knows.
	CA *CA `json:"ca,omitempty"`
}

// ImageSource is a directory of an image.
type ImageSource struct {
	// Reference of the image, with a tag or a digest. Required.
	// +required
	// +krm-sidecars:text=no-blanks
	Reference string `json:"reference,omitempty"`
	// Path of the directory. Default /.
	// +krm-sidecars:text=absolute
	// +kubebuilder:default=/
	Path string `json:"path,omitempty"`
}

const fetchInto = "spec.fetch.into"

func (f *Fetch) add(p *plan) {
	switch {
	case f.Git != nil:
		f.addGit(p)
	case f.HTTP != nil:
		f.addHTTP(p)
	case f.S3 != nil:
		f.addS3(p)
	case f.OCI != nil:
		f.addOCI(p)
	case p.config.Minor() >= imageVolumesFrom:
		f.mountImage(p)
		return // the node fetches it
	default:
		f.copyImage(p)
		return
	}
	p.warnOfMesh()
}

// gitAttempts share the time: git-sync bounds each of them alone.
const gitAttempts = 3

// attempt is the number of seconds that one of git's attempts may take.
func (p *plan) attempt() string {
	return strconv.Itoa(max(1, int(p.config.TimeoutSeconds)/gitAttempts))
}

// addGit runs git-sync once.
func (f *Fetch) addGit(p *plan) {
	g := f.Git
	c := p.container("", images.Get("git-sync"), medium)
	c.Args = []string{"--repo=" + g.Repo, "--ref=" + g.Ref, "--depth=" + strconv.Itoa(int(g.Depth)), "--one-time",
		"--root=" + f.Into.Path, "--link=" + g.Link, "--sync-timeout=" + p.attempt() + "s",
		"--max-failures=" + strconv.Itoa(gitAttempts-1), "--period=" + p.interval() + "s"}
	if g.GroupWrite {
		c.Args = append(c.Args, "--group-write")
	}
	if g.SSHSecret != "" {
		c.Args = append(c.Args, p.Injection.GitSSH(&c, p.label("ssh"), g.SSHSecret, g.SSHKey)...)
	}
	c.Args = inject.Literals(c.Args)
	for _, s := range []struct {
		name string
		from *config.SecretKey
	}{{"GITSYNC_USERNAME", g.Username}, {"GITSYNC_PASSWORD", g.Password}} {
		if s.from != nil {
			c.Env = append(c.Env, s.from.Env(s.name))
		}
	}
	p.scratch(&c, "64Mi")
	p.keepData(f.Into, fetchInto)
	p.share(&c, f.Into, fetchInto)
	p.run(c, inject.RankPrepare)
	p.warnOfHTTP("the repository comes", g.Repo)
}

// warnOfHTTP warns of what comes without encryption.
func (p *plan) warnOfHTTP(what, url string) {
	if scheme, _, _ := strings.Cut(url, "://"); scheme == "http" || scheme == "git" {
		p.Findf(pod.Warning, pod.InsecureTransport, "%s by plain %s, where others can read and change it; use https", what, scheme)
	}
}

// addS3 runs rclone, which is told everything by variables.
func (f *Fetch) addS3(p *plan) {
	s := f.S3
	c := p.container("", images.Get("rclone"), large)
	c.Env = []corev1.EnvVar{{Name: "RCLONE_CONFIG", Value: "/tmp/rclone.conf"}, {Name: "RCLONE_CONFIG_FROM_TYPE", Value: "s3"},
		{Name: "RCLONE_CONFIG_FROM_ENV_AUTH", Value: "true"}}
	for _, e := range []corev1.EnvVar{{Name: "PROVIDER", Value: s.provider()}, {Name: "REGION", Value: s.Region}, {Name: "ENDPOINT", Value: s.Endpoint}} {
		if e.Value != "" {
			c.Env = append(c.Env, corev1.EnvVar{Name: "RCLONE_CONFIG_FROM_" + e.Name, Value: inject.Literal(e.Value)})
		}
	}
	if s.AccessKey != nil && s.SecretKey != nil {
		c.Env = append(c.Env, s.AccessKey.Env("AWS_ACCESS_KEY_ID"), s.SecretKey.Env("AWS_SECRET_ACCESS_KEY"))
	}
	p.scratch(&c, "64Mi")
	p.share(&c, f.Into, fetchInto)
	p.asApp(&c, f.Into, fetchInto)
	shell(&c, s3Script(), p.name, p.timeout(), f.Into.Path, "from:"+path.Join(s.Bucket, s.Path))
	p.run(c, inject.RankPrepare)
}

// s3Script is inDir with a source behind the directory, for rclone. It ends with 9
// when there was nothing to copy: all of it is there already, or the bucket has no
// such files, which the app must not start without.
func s3Script() string {
	return strings.NewReplacer(
		"limit=$1 dir=$2\nshift 2\n", "limit=$1 dir=$2 from=$3\nset -- rclone copy --verbose --error-on-no-transfer \"$from\" \"$dir\"\n",
		`0) echo "$0: done" ;;`, `0) echo "$0: done" ;;
9)
  if timeout "$limit" rclone lsf --recursive --files-only "$from" | grep -q .; then
    echo "$0: everything is there already"
    code=0
  else
    echo "$0: $from holds no files" >&2
  fi
  ;;`).Replace(inDir())
}

// provider is what rclone calls the server.
func (s *S3Source) provider() string {
	if s.Provider == "" && s.Endpoint != "" {
		return "Other"
	}
	return cmp.Or(s.Provider, "AWS")
}

// addOCI runs oras.
func (f *Fetch) addOCI(p *plan) {
	c := p.container("", images.Get("oras"), medium)
	command := []string{"oras", "pull", "--no-tty", "--output", f.Into.Path}
	if f.OCI.PullSecret != "" {
		const dir, file = "/etc/registry", "config.json"
		p.mountSecret(&c, p.label("registry"), f.OCI.PullSecret, dir, corev1.KeyToPath{Key: corev1.DockerConfigJsonKey, Path: file})
		command = append(command, "--registry-config", dir+"/"+file)
	}
	if ca := p.mountCA(&c, f.OCI.CA); ca != "" {
		command = append(command, "--ca-file", ca)
	}
	c.Env = []corev1.EnvVar{{Name: "HOME", Value: "/tmp"}}
	p.scratch(&c, "64Mi")
	p.share(&c, f.Into, fetchInto)
	p.asApp(&c, f.Into, fetchInto)
	p.boundedIn(&c, f.Into.Path, "", append(command, f.OCI.Reference)...)
	p.run(c, inject.RankPrepare)
}

// mountImage mounts the directory of the image in the app.
func (f *Fetch) mountImage(p *plan) {
	p.Injection.AddVolume(p.name, corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: f.Image.Reference}})
	for _, app := range p.sharers(f.Into, fetchInto) {
		p.Injection.Mounts = append(p.Injection.Mounts, inject.Mount{Container: app.Name, VolumeMount: corev1.VolumeMount{
			Name: p.name, MountPath: f.Into.Path, SubPath: strings.Trim(f.Image.Path, "/"), ReadOnly: true}})
	}
	if p.config.Container != nil {
		p.Findf(pod.Info, pod.NoContainerAdded, "the image is mounted as a volume, without a container: spec.container does nothing")
	}
}

// copyImage copies the directory by the cp of the image.
func (f *Fetch) copyImage(p *plan) {
	c := p.container("", images.Busybox(), small)
	c.Image = f.Image.Reference
	c.Command = inject.Literals([]string{"cp", "-R", strings.TrimSuffix(f.Image.Path, "/") + "/.", f.Into.Path})
	p.share(&c, f.Into, fetchInto)
	p.asApp(&c, f.Into, fetchInto)
	p.run(c, inject.RankPrepare)
}
