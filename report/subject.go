package report

import "strings"

// Subject names the finding's resource as people and waivers do: TYPE::NAME.
func (f Finding) Subject() string {
	// urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME, where only NAME may hold ::.
	parts := strings.SplitN(f.Resource, "::", 4)
	if len(parts) < 4 || !strings.HasPrefix(parts[0], "urn:pulumi:") {
		return f.Resource
	}
	token := parts[2]
	return token[strings.LastIndex(token, "$")+1:] + "::" + parts[3]
}
