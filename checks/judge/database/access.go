package database

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// scram is the one password method that neither shows the password nor a hash
// that is as good (RFC 5802; PostgreSQL, "Password Authentication").
const scram = "scram-sha-256"

// weak are the methods of pg_hba.conf that let somebody in without a proof, or
// with one that can be stolen on the way.
var weak = []string{"trust", "password", "md5", "ident"}

var passwords = judge.Checker{
	ID:       "postgres-passwords",
	Expected: "nobody gets into PostgreSQL without a password, and passwords are kept and checked with SCRAM-SHA-256",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name(), evidence.PostgresSettings.Name(), evidence.PostgresRules.Name()},
	Judge: func(c *judge.Case) {
		nodes := answering(c)
		for _, node := range nodes {
			c.Require(node.Login == scram, node.Address, "it asked the checks for %s, not %s", asked(node.Login), scram)
		}
		for where, set := range settingsOf(judge.Read(c, evidence.PostgresSettings)) {
			set.require(c, where, "password_encryption", func(v string) bool { return v == scram })
		}
		rules, problems := judge.Try(c, evidence.PostgresRules)
		if len(problems) > 0 && !managed(nodes) { // RDS keeps pg_hba.conf to itself
			judge.Read(c, evidence.PostgresRules)
		}
		for _, rule := range rules {
			where := "pg_hba.conf, " + rule.Type + " " + strings.Join(rule.Databases, ",") + " " + strings.Join(rule.Users, ",") + " " + rule.Address
			switch {
			case rule.Error != "":
				c.Fail("pg_hba.conf", "line %d does not take effect: %s", rule.Line, rule.Error)
			case slices.Contains(weak, rule.Method):
				c.FailWith(where, "put "+scram+" there, and reload", "line %d lets in by %s", rule.Line, rule.Method)
			default:
				c.Saw()
			}
		}
		c.Note("every server asks for %s", scram)
	},
}

func asked(method string) string {
	switch method {
	case "trust":
		return "nothing at all"
	case "":
		return "something unknown"
	default:
		return method
	}
}

var superusers = judge.Checker{
	ID:       "postgres-superusers",
	Expected: "only the owner of the server logs in as a superuser",
	Needs:    []evidence.Name{evidence.PostgresRoles.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("superusers")
		c.Expect("no login but %s is a superuser", strings.Join(allowed, ", "))
		for _, role := range judge.Read(c, evidence.PostgresRoles) {
			if role.Superuser && role.Login && !slices.Contains(allowed, role.Name) {
				c.FailWith("login "+role.Name, "ALTER ROLE "+role.Name+" NOSUPERUSER, and grant what it needs", "it is a superuser")
				continue
			}
			c.Saw()
		}
	},
}

var encrypted = judge.Checker{
	ID:       "postgres-tls",
	Expected: "PostgreSQL speaks TLS, and everybody on the network does",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name(), evidence.PostgresSettings.Name(), evidence.PostgresSessions.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("postgresTLS")
		c.Expect("ssl is on, the oldest protocol is one of %s, and no session on the network is without TLS", strings.Join(allowed, ", "))
		for _, node := range answering(c) {
			c.Require(node.TLS != "", node.Address, "the checks' own session is not encrypted")
		}
		for where, set := range settingsOf(judge.Read(c, evidence.PostgresSettings)) {
			set.require(c, where, "ssl", isOn)
			set.require(c, where, "ssl_min_protocol_version", func(v string) bool { return slices.Contains(allowed, v) })
			if _, rds := set["rds.force_ssl"]; rds {
				set.require(c, where, "rds.force_ssl", isOn)
			}
		}
		if s := judge.Read(c, evidence.PostgresSessions); s.Limit > 0 {
			c.Require(s.Plain == 0, "primary", "%d sessions over the network are not encrypted; ask for hostssl in pg_hba.conf", s.Plain)
		}
		c.Note("all sessions on the network are encrypted")
	},
}
