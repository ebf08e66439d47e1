package config

import (
	"regexp"
	"strconv"
	"strings"
)

// Scalars that Kubernetes or a registry reads.
type (
	// CPU is an amount of processor in Kubernetes' notation, e.g. 500m or 2.
	CPU string
	// Memory is an amount of memory in Kubernetes' notation, e.g. 512Mi or 2Gi.
	Memory string
	// ImageReference is which image of a repository runs: TAG, or
	// TAG@sha256:DIGEST. The registry and the repository are the environment's.
	ImageReference string
)

var (
	cpuPattern    = regexp.MustCompile(`^([1-9][0-9]{0,6}m|[1-9][0-9]{0,3}(\.[0-9]{1,3})?|0\.[0-9]{0,2}[1-9])$`)
	memoryPattern = regexp.MustCompile(`^[1-9][0-9]{0,6}(Mi|Gi)$`)
	imagePattern  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$`)
)

func (*CPU) form() form {
	return form{what: "an amount of CPU", example: `"500m"`, pattern: cpuPattern}
}

// UnmarshalText accepts millicores (500m) and cores (2, 0.5).
func (c *CPU) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }

// Millicores is the amount in thousandths of a core.
func (c CPU) Millicores() int {
	if whole, milli := strings.CutSuffix(string(c), "m"); milli {
		n, _ := strconv.Atoi(whole)
		return n
	}
	whole, fraction, _ := strings.Cut(string(c), ".")
	n, _ := strconv.Atoi(whole + (fraction + "000")[:3])
	return n
}

func (*Memory) form() form {
	return form{what: "an amount of memory in Mi or Gi", example: "512Mi", pattern: memoryPattern}
}

// UnmarshalText accepts whole numbers of Mi and Gi.
func (m *Memory) UnmarshalText(text []byte) error { return parseText(m, m.form(), text) }

// MiB is the amount in mebibytes.
func (m Memory) MiB() int {
	number, gibi := strings.CutSuffix(string(m), "Gi")
	n, _ := strconv.Atoi(strings.TrimSuffix(number, "Mi"))
	if gibi {
		return n * mebiPerGibi
	}
	return n
}

const mebiPerGibi = 1024

// memoryText writes mebibytes as Kubernetes would.
func memoryText(mib int) string {
	if mib%mebiPerGibi == 0 {
		return strconv.Itoa(mib/mebiPerGibi) + "Gi"
	}
	return strconv.Itoa(mib) + "Mi"
}

// cpuText writes millicores as Kubernetes would.
func cpuText(milli int) string {
	if milli%1000 == 0 {
		return strconv.Itoa(milli / 1000)
	}
	return strconv.Itoa(milli) + "m"
}

func (*ImageReference) form() form {
	return form{what: "an image tag, with or without its digest", example: "1.4.2@sha256:" + strings.Repeat("0", 64), pattern: imagePattern}
}

// UnmarshalText accepts TAG and TAG@sha256:DIGEST.
func (i *ImageReference) UnmarshalText(text []byte) error { return parseText(i, i.form(), text) }

// Tag is the part before the digest.
func (i ImageReference) Tag() string {
	tag, _, _ := strings.Cut(string(i), "@")
	return tag
}

// Digest is sha256:HEX, or empty when only a tag was given.
func (i ImageReference) Digest() string {
	_, digest, _ := strings.Cut(string(i), "@")
	return digest
}
