package config

// portal checks images, workloads and how they are replaced.
func (v validator) portal() {
	v.images()
	v.workloads()
	v.strategy()
	v.pooler()
	v.plugins()
	v.maintenance()
}

// images refuses tags that move, and in production every tag without digest.
func (v validator) images() {
	images, green := v.Config.Portal.Images, v.Config.Portal.GreenImages
	const path = "portal.images."
	v.image(path+"portalFrontend", images.PortalFrontend)
	v.image(path+"websocket", images.WebSocket)
	v.image(path+"backstage", images.Backstage)
	v.image(path+"pluginInstaller", images.PluginInstaller)
	v.image(path+"pluginLoader", images.PluginLoader)
	v.image(path+"keeper", images.Keeper)
	v.image(path+"pgbouncer", images.PgBouncer)
	if green == nil {
		return
	}
	const greenPath = "portal.greenImages"
	v.image(greenPath+".portalFrontend", green.PortalFrontend)
	v.image(greenPath+".websocket", green.WebSocket)
	v.image(greenPath+".backstage", green.Backstage)
	if v.readable("portal.strategy", greenPath) && v.Config.Portal.Strategy != BlueGreen {
		v.refuse(greenPath, "has no effect with strategy: %s; remove it, or set strategy: blueGreen", v.Config.Portal.Strategy)
	}
}

func (v validator) image(path string, image ImageReference) {
	switch {
	case !v.readable(path):
	case image.Tag() == "latest":
		v.refuse(path, "latest is a different image tomorrow; give the tag of a release")
	case v.production() && image.Digest() == "":
		v.refuse(path, "%s can be moved to another image; production needs its digest too: %s@sha256:…", image, image)
	}
}

// strategy checks that a colour is given when there are two, and only then.
func (v validator) strategy() {
	portal := v.Config.Portal
	if !v.readable("portal.strategy", "portal.active") {
		return
	}
	switch {
	case portal.Strategy == BlueGreen && portal.Active == nil:
		v.refuse("portal.active", "is missing; strategy: blueGreen%s needs the colour that gets the traffic: blue or green", v.line("portal.strategy"))
	case portal.Strategy != BlueGreen && portal.Active != nil:
		v.refuse("portal.active", "has no effect with strategy: %s; remove it, or set strategy: blueGreen", portal.Strategy)
	}
}

const maxMessage = 500

// maintenance checks the windows and who is let in.
func (v validator) maintenance() {
	const path = "portal.maintenance"
	m := v.Config.Portal.Maintenance
	for i, r := range m.AllowedCIDRs {
		if path := item(path+".allowedCidrs", i); v.readable(path) && r.Bits() == 0 {
			v.refuse(path, "%s lets everybody in, so nobody would see the page; list your own networks", r)
		}
	}
	if v.readable(path+".message") && len(m.Message) > maxMessage {
		v.refuse(path+".message", "has %d characters; the page has room for %d", len(m.Message), maxMessage)
	}
	if v.readable(path+".weekly") && m.Weekly.Minutes() > minutesPerDay {
		v.refuse(path+".weekly", "%s is %d hours; a window is a day at most (is the end before the start?)", m.Weekly, m.Weekly.Minutes()/60)
	}
}
