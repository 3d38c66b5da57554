package proxysidecar

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// AlloyDB is the AlloyDB Auth Proxy. It connects within the VPC by itself, so that
// privateIP stays unset.
type AlloyDB struct {
	Google `json:",inline"`
	// PublicIP connects over the internet. Default false.
	PublicIP bool `json:"publicIP,omitempty"`
	// Instances are the databases. Required.
	// +required
	Instances []AlloyDBInstance `json:"instances,omitempty"`
}

// AlloyDBInstance is an instance of AlloyDB.
type AlloyDBInstance struct {
	// Name is the instance URI, projects/P/locations/L/clusters/C/instances/I. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Name       string `json:"name,omitempty"`
	Connection `json:",inline"`
}

func (*AlloyDB) setDefaults() {}

const alloyDBName = `^projects/[a-z0-9.:-]+/locations/[a-z0-9-]+/clusters/[a-z0-9-]+/instances/[a-z0-9-]+$`

func (a *AlloyDB) validate() config.Errors {
	var connections []Connection
	for _, in := range a.Instances {
		connections = append(connections, in.Connection)
	}
	errs := a.Google.validate(connections, nil)
	if a.PrivateIP {
		errs.Addf("privateIP", "is what this proxy does anyway; take it out, or set publicIP")
	}
	if a.PublicIP && a.PSC {
		errs.Addf("psc", "cannot stand beside publicIP; keep the one that your instances have")
	}
	if len(a.Instances) == 0 {
		errs.Addf("instances", "missing; list the instances, as in [{name: projects/P/locations/L/clusters/C/instances/I}]")
	}
	for i, in := range a.Instances {
		at := fmt.Sprintf("instances[%d]", i)
		errs = append(errs, config.Required(at+".name", in.Name, "the instance, as projects/P/locations/L/clusters/C/instances/I",
			matching(alloyDBName, "is no instance URI; write projects/P/locations/L/clusters/C/instances/I"))...)
	}
	return errs
}

func (a *AlloyDB) add(p *plan) {
	var all []instance
	for _, in := range a.Instances {
		all = append(all, instance{in.Name, 5432, in.Connection})
	}
	google := a.Google
	if a.PublicIP {
		google.Args = append([]string{"--public-ip"}, google.Args...)
	}
	p.connect(p.container("alloydb-auth-proxy", "alloydb-auth-proxy"), google, all)
}
