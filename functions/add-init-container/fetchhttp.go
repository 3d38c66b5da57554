package initcontainer

import (
	"net/url"
	"path"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// addHTTP runs curl.
func (f *Fetch) addHTTP(p *plan) {
	h := f.HTTP
	c := p.container("", images.Get("curl"), medium)
	if h.Authorization != nil {
		c.Env = append(c.Env, h.Authorization.Env("AUTHORIZATION"))
	}
	p.share(&c, f.Into, fetchInto)
	p.asApp(&c, f.Into, fetchInto)
	shell(&c, httpScript, c.Name, p.timeout(), p.interval(), h.URL, f.Into.Path, h.file(), h.SHA256, h.Unpack, p.mountCA(&c, h.CA))
	p.run(c, inject.RankPrepare)
	if h.Authorization != nil {
		p.warnOfHTTP("the header of spec.fetch.http.authorization goes", h.URL)
	}
	if h.SHA256 == "" {
		p.Findf(pod.Warning, pod.NotVerified, "nothing says that %s is still what it was; set spec.fetch.http.sha256", h.URL)
	}
}

// file is the name of the file, that of the URL where the user names none.
func (h *HTTPSource) file() string {
	if h.File != "" {
		return h.File
	}
	u, err := url.Parse(h.URL)
	if err != nil || path.Base(u.Path) == "." || path.Base(u.Path) == "/" {
		return ""
	}
	return path.Base(u.Path)
}

// httpScript fetches a file under another name, checks it, and puts it in its
// place. A file that is there with the right checksum is not fetched again. The
// header comes by standard input, where no list of processes shows it.
const httpScript = `trap 'kill "$!" 2>/dev/null; exit 143' TERM INT
limit=$1 interval=$2 url=$3 dir=$4 file=$5 sum=$6 unpack=$7 ca=$8
right() { [ -n "$sum" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$sum" ]; }
mkdir -p "$dir/$(dirname "$file")" || exit
if [ -z "$unpack" ] && [ -f "$dir/$file" ] && right "$dir/$file"; then
  echo "$0: $file is there already"
  exit
fi
part=$dir/$file.partial
echo "$0: fetching $url"
if [ -n "$AUTHORIZATION" ]; then printf 'Authorization: %s\n' "$AUTHORIZATION"; fi |
  timeout "$limit" curl -fsSLg --header @- --connect-timeout 10 --max-time "$limit" \
    --retry 1000 --retry-all-errors --retry-delay "$interval" --retry-max-time "$limit" ${ca:+--cacert "$ca"} --output "$part" "$url" &
wait $! || { echo "$0: gave up on $url" >&2; exit 1; }
if [ -n "$sum" ] && ! right "$part"; then
  echo "$0: $url has the checksum $(sha256sum <"$part" | cut -d ' ' -f 1), not $sum" >&2
  rm -f "$part"
  exit 1
fi
case $unpack in
tar) tar -xf "$part" -C "$dir" ;;
tar.gz) tar -xzf "$part" -C "$dir" ;;
zip) unzip -oq "$part" -d "$dir" ;;
*) mv -f "$part" "$dir/$file" ;;
esac || { echo "$0: could not unpack $file" >&2; exit 1; }
rm -f "$part"
echo "$0: $file is in $dir"`
