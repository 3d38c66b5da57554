package initcontainer

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const templateDir = "/etc/init-templates"

func (r *Render) add(p *plan) {
	c := r.container(p)
	c.Env, c.EnvFrom = r.Env, r.EnvFrom
	if r.ConfigMap != "" {
		p.Injection.MountConfigMap(&c, p.label("templates"), r.ConfigMap, templateDir)
	} else {
		p.addFiles(&c, templateDir, r.Templates)
	}
	p.share(&c, r.Into, "spec.render.into")
	owned := p.asApp(&c, r.Into, "spec.render.into")
	args := append([]string{p.timeout(), templateDir, r.Into.Path, r.mode(p, owned)}, r.names()...)
	shell(&c, r.script(), c.Name, args...)
	p.run(c, inject.RankPrepare)
}

func (r *Render) container(p *plan) corev1.Container {
	if r.Engine == engineGomplate {
		return p.container("", images.Get(engineGomplate), medium)
	}
	return p.container("", images.Busybox(), small)
}

// mode is that of the files: the app has to be able to read them.
func (r *Render) mode(p *plan, owned bool) string {
	switch {
	case r.Mode != "" || !r.secret():
		return cmp.Or(r.Mode, "0644")
	case owned:
		return "0640"
	}
	p.Findf(pod.Info, pod.SecretReadableByAll, "the files in %s may hold secret values, and get mode 0644, since the user of the app is not known; set its securityContext.runAsUser, or spec.render.mode", r.Into.Path)
	return "0644"
}

// script makes the files. It takes the seconds, the directories of the templates
// and of the files, the mode, and the variables that have to be set.
func (r *Render) script() string {
	if r.Engine == engineGomplate {
		return renderBegin + runGomplate + renderEnd
	}
	return renderBegin + runSubstitute + renderEnd
}

// renderVariables are those of the script.
const renderVariables = "limit templates into mode missing template file child"

// A file appears at once, and with its mode: nobody else can read it before.
const (
	renderBegin = `trap 'kill "$child" 2>/dev/null; exit 143' TERM INT
limit=$1 templates=$2 into=$3 mode=$4 child=
shift 4
mkdir -p "$into"
umask 077
missing=$(awk 'BEGIN { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in ENVIRON)) printf " %s", ARGV[i] }' "$@")
if [ -n "$missing" ]; then
  echo "$0: not set:$missing" >&2
  exit 1
fi
for template in "$templates"/*; do
  file=$into/${template##*/}
`
	renderEnd = ` >"$file.partial" &
  child=$!
  if ! wait "$child" || ! chmod "$mode" "$file.partial" || ! mv -f "$file.partial" "$file"; then
    echo "$0: cannot make $file" >&2
    exit 1
  fi
  echo "$0: made $file"
done
`
	runGomplate = `  timeout "$limit" gomplate --file "$template"`

	runSubstitute = `  timeout "$limit" awk '
    BEGIN {
      for (i = 2; i < ARGC; i++) {
        known[ARGV[i]]
        ARGV[i] = ""
      }
    }
    {
      line = $0
      done = ""
      while (match(line, /[$]([A-Za-z_][A-Za-z0-9_]*|[{][A-Za-z_][A-Za-z0-9_]*[}])/)) {
        name = text = substr(line, RSTART, RLENGTH)
        gsub(/[${}]/, "", name)
        done = done substr(line, 1, RSTART - 1) (name in known ? ENVIRON[name] : text)
        line = substr(line, RSTART + RLENGTH)
      }
      print done line
    }' "$template" "$@"`
)
