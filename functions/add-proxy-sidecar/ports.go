package proxysidecar

import (
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// need is a port that a proxy listens on: the one that is asked for, or else the
// usual one.
type need struct{ want, usual int32 }

// allot gives every need a port of its own: the one that is asked for, else the
// usual one or the next that neither a container of the pod, nor its mesh, nor the
// app, nor another need has.
func (p *plan) allot(needs ...need) []int32 {
	for _, n := range needs {
		if n.want != 0 {
			p.taken = append(p.taken, n.want)
		}
	}
	var ports []int32
	for _, n := range needs {
		port := n.want
		if port == 0 {
			port = inject.FreePort(p.View, n.usual, p.taken...)
			p.taken = append(p.taken, port)
		}
		ports = append(ports, port)
	}
	return ports
}

// ports reports what is no number of a port, and numbers that stand twice: all of
// them are of one pod. 0 is left open.
func ports(numbers map[string]int32) config.Errors {
	var errs config.Errors
	first := map[int32]string{}
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		n := numbers[name]
		switch other := first[n]; {
		case n == 0:
		case n < 0 || n > 65535:
			errs.Addf(name, "%d is no port; write a number from 1 to 65535", n)
		case other != "":
			errs.Addf(name, "%d is %s, too; the containers of a pod share their ports: take another", n, other)
		default:
			first[n] = name
		}
	}
	return errs
}
