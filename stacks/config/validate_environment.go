package config

import (
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
)

// tagPattern is what AWS allows in a tag's value. Source: AWS, "Tag naming
// limits and requirements"; spaces at the ends are left out.
var tagPattern = regexp.MustCompile(`^[\p{L}\p{N}_.:/=+\-@]([\p{L}\p{N}_.:/=+\-@ ]{0,254}[\p{L}\p{N}_.:/=+\-@])?$`)

// environment checks what is said of the environment itself.
func (v validator) environment() {
	env := v.Config.Environment
	v.tag("environment.owner", env.Owner)
	v.tag("environment.costCenter", env.CostCenter)
	if v.production() && v.readable("environment.protect") && !env.Protect {
		v.refuse("environment.protect", "production keeps data stores and keys from being deleted: set protect: true")
	}
}

func (v validator) tag(path, value string) {
	if v.readable(path) && !tagPattern.MatchString(value) {
		v.refuse(path, "%s cannot be an AWS tag; use 1 to 256 letters, digits, spaces and _.:/=+-@", quote(value))
	}
}

// sandbox checks that the stand-ins are on this machine and nowhere else.
func (v validator) sandbox() {
	sandbox := v.Config.Sandbox
	if sandbox == nil {
		return
	}
	if v.readable("sandbox.awsEndpoint") && !onLoopback(sandbox.AWSEndpoint) {
		v.refuse("sandbox.awsEndpoint", "%s is not an http URL on loopback, such as http://127.0.0.1:41877", quote(sandbox.AWSEndpoint))
	}
	if v.readable("sandbox.kubeconfig") && !filepath.IsAbs(sandbox.Kubeconfig) {
		v.refuse("sandbox.kubeconfig", "%s is not an absolute path", quote(sandbox.Kubeconfig))
	}
}

// onLoopback accepts http URLs of a loopback address or of localhost, with
// nothing but a host and a port: other parts could hide another host.
func onLoopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/") {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(u.Hostname())
	return err == nil && address.Zone() == "" && address.Unmap().IsLoopback()
}
