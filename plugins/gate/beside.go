package gate

import (
	"fmt"
	"regexp"
	"slices"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
)

// core are the IDs of plugins that a portal cannot do without. Who answers for one
// of them decides who is let in, or what everybody sees.
var core = []string{
	"app", "auth", "catalog", "events", "kubernetes", "notifications", "permission", "proxy", "scaffolder", "search",
	"signals", "techdocs", "user-settings",
}

// pluginIDs are what Backstage takes for one.
var pluginIDs = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// beside looks at what the container beside the portal will answer for. The portal
// sends all requests for the ID that the package gives there (Backstage,
// discovery.endpoints): the ID of another plugin would take that one's over.
func (f *finding) beside(c *Case, own npm.Package) {
	if c.Strategy != plugins.Sidecar {
		return
	}
	const remedy = "install it with strategy: dynamic, where Backstage itself refuses a second plugin of one ID"
	id := own.Backstage.PluginID
	if own.Backstage.Role != "backend-plugin" {
		f.refuse("sidecar-module", "it is a module of another plugin, which is not in the container beside the portal", "install it with strategy: dynamic")
		return
	}
	host, _ := c.Host.Get() // the step compatibility says when there is none
	_, there := host.Packages["@backstage/plugin-"+id+"-backend"]
	switch {
	case id == "":
		f.refuse("sidecar-id", "its package.json has no backstage.pluginId, by which the portal finds it in the container beside", "install it with strategy: dynamic")
	case !pluginIDs.MatchString(id):
		f.never("sidecar-id", fmt.Sprintf("its backstage.pluginId %q is none", short(id)), "ask its author for a right one")
	case slices.Contains(core, id) || there:
		f.never("sidecar-id", fmt.Sprintf("its backstage.pluginId is %s: in the container beside, it would answer for the portal's own", id), remedy)
	}
}
