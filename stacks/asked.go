package stacks

import (
	"cmp"
	"os"
	"os/user"
	"strings"
	"unicode"

	"gatehouse/components/pod"
	"gatehouse/plugins/install"
	"gatehouse/plugins/trail"
)

// Variables that say who asks for an operation, and why, for the audit trail of the
// plugins. They are read when the program runs, so that `pulumi up` knows them too.
const (
	ActorVariable  = "GATEHOUSE_ACTOR"
	ReasonVariable = "GATEHOUSE_REASON"
)

// Asked is who asks for an operation, and why. It is what they say themselves: who
// really reached the cluster is in the API server's audit log.
type Asked struct {
	// Actor is a person's name, such as github:alice; "" when nobody knows.
	Actor string
	// Reason is in a person's words; "" when nobody said.
	Reason string
}

// What is kept of them, in characters.
const (
	longestActor  = 100
	longestReason = 1000
)

// pipelines are the variables by which CI services name who started a run, as their
// manuals have them, by the word that the trail has for the service.
var pipelines = []struct{ service, variable string }{
	{"github", "GITHUB_ACTOR"}, {"gitlab", "GITLAB_USER_LOGIN"}, {"jenkins", "BUILD_USER_ID"}, {"codebuild", "CODEBUILD_INITIATOR"},
}

// newAsked is who asks: who GATEHOUSE_ACTOR names, else who started the pipeline, else
// the user of this machine.
func newAsked(getenv func(string) string, login func() (string, error)) Asked {
	asked := Asked{Actor: line(getenv(ActorVariable), longestActor), Reason: line(getenv(ReasonVariable), longestReason)}
	for _, p := range pipelines {
		if name := line(getenv(p.variable), longestActor); asked.Actor == "" && name != "" {
			asked.Actor = p.service + ":" + name
		}
	}
	if asked.Actor == "" {
		if name, err := login(); err == nil && name != "" {
			asked.Actor = "user:" + name
		}
	}
	asked.Actor = line(asked.Actor, longestActor)
	return asked
}

// login is the name of the user who runs this process.
func login() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", err
	}
	return cmp.Or(u.Username, os.Getenv("USER")), nil
}

// line is a stranger's text in one line of characters that are seen, without secrets:
// who may read a Job or the state may read it.
func line(text string, longest int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, trail.Redact(strings.ToValidUTF8(text, "?"))) // before it is cut: half a secret looks like none
	text = strings.Join(strings.Fields(text), " ")
	if all := []rune(text); len(all) > longest {
		return string(all[:longest-1]) + "…"
	}
	return text
}

// notes are what the pods of Jobs are told of it.
func (a Asked) notes() map[string]string {
	return map[string]string{install.AnnotationActor: a.Actor, install.AnnotationReason: a.Reason}
}

// askedBy are the variables in which they find it.
func askedBy() []pod.Env {
	return []pod.Env{
		{Name: install.VariableActor, Field: "metadata.annotations['" + install.AnnotationActor + "']"},
		{Name: install.VariableReason, Field: "metadata.annotations['" + install.AnnotationReason + "']"},
	}
}
