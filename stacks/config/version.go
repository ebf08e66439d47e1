package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// KubernetesVersion is a minor version such as 1.35.
type KubernetesVersion string

var (
	kubernetesVersionPattern = regexp.MustCompile(`^1\.[1-9][0-9]{0,2}$`)
	engineVersionPattern     = regexp.MustCompile(`^[1-9][0-9]{0,2}(\.(0|[1-9][0-9]{0,2}))?$`)
)

func (*KubernetesVersion) form() form {
	return form{what: "a Kubernetes minor version", example: `"1.35"`, pattern: kubernetesVersionPattern}
}

// UnmarshalText accepts MAJOR.MINOR without a patch, which EKS chooses.
func (v *KubernetesVersion) UnmarshalText(text []byte) error { return parseText(v, v.form(), text) }

// EngineVersion is a data engine's version, e.g. 16.9 or 16.
type EngineVersion struct {
	// Major and Minor are numbers; Minor is -1 when only a major was given.
	Major, Minor int
}

func (*EngineVersion) form() form {
	return form{what: "an engine version (major or major.minor)", example: `"16.9"`, pattern: engineVersionPattern}
}

// UnmarshalText accepts MAJOR and MAJOR.MINOR.
func (v *EngineVersion) UnmarshalText(text []byte) error {
	if err := v.form().check(string(text)); err != nil {
		return err
	}
	major, minor, hasMinor := strings.Cut(string(text), ".")
	parsed := EngineVersion{Minor: -1}
	// The pattern has bounded the digits, so the conversions cannot fail.
	parsed.Major, _ = strconv.Atoi(major)
	if hasMinor {
		parsed.Minor, _ = strconv.Atoi(minor)
	}
	*v = parsed
	return nil
}

// String gives the form that AWS takes: 16.9, or 16 for the newest minor.
func (v EngineVersion) String() string {
	if v.Minor < 0 {
		return strconv.Itoa(v.Major)
	}
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// MarshalText writes what UnmarshalText reads.
func (v EngineVersion) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// minor is the number after the dot.
func (v KubernetesVersion) minor() int {
	_, text, _ := strings.Cut(string(v), ".")
	n, _ := strconv.Atoi(text)
	return n
}
