// Package plugins is the suite that installs plugins as a platform engineer does: with
// the built binary, through the engine and the Jobs of a real Kubernetes API, from a
// registry that signs and lies, into a real Backstage. What single steps do is tested
// beside their code.
package plugins
