package infrastructure

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var fileSystem = judge.Checker{
	ID:       "efs-ready",
	Expected: "The file system is available and encrypted, with a mount target in every zone",
	Needs:    []evidence.Name{evidence.AWSFileSystem.Name()},
	Judge: func(c *judge.Case) {
		want := c.Int("zones")
		c.Expect("The file system is available and encrypted, with available mount targets in %d zones or more", want)
		fs, all := judge.Whole(c, evidence.AWSFileSystem)
		if fs.ID == "" {
			return
		}
		where := "file system " + fs.ID
		c.Require(fs.State == "available" || fs.State == "updating", where, "its state is %s", fs.State)
		c.Require(fs.Encrypted, where, "it is not encrypted, which only a new one can change")
		var zones []string
		for _, target := range fs.Targets {
			if target.State == "available" {
				zones = append(zones, target.Zone)
				c.Saw()
				continue
			}
			c.Fail("mount target "+target.ID, "its state is %s", target.State)
		}
		zones = distinct(zones)
		if len(zones) < want && !all {
			return
		}
		c.Require(len(zones) >= want, where, "mount targets are available in %d zones (%s), %d are wanted", len(zones), list(zones), want)
		c.Note("available and encrypted, mounted from %s", list(zones))
	},
}
