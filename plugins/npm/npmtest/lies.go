package npmtest

import (
	"crypto/sha512"

	"gatehouse/plugins"
)

// Lie changes what the registry says of a version: its object below versions.
type Lie func(ref plugins.Ref, document map[string]any)

// SignedBy signs with this key alone, whether the registry serves it or not.
func SignedBy(key Key) Lie {
	return func(ref plugins.Ref, document map[string]any) {
		distOf(document)["signatures"] = []any{signature(key, ref, document)}
	}
}

// AlsoSignedBy adds a signature.
func AlsoSignedBy(key Key) Lie {
	return func(ref plugins.Ref, document map[string]any) {
		signatures, _ := distOf(document)["signatures"].([]any)
		distOf(document)["signatures"] = append(signatures, signature(key, ref, document))
	}
}

func signature(key Key, ref plugins.Ref, document map[string]any) map[string]any {
	integrity, _ := distOf(document)["integrity"].(string)
	return map[string]any{"keyid": key.ID, "sig": key.Sign(ref, integrity)}
}

// Unsigned has no signature, as a mirror's.
func Unsigned(_ plugins.Ref, document map[string]any) { delete(distOf(document), "signatures") }

// WrongSignature is one of another package under the right key's name.
func WrongSignature(key Key) Lie {
	return func(ref plugins.Ref, document map[string]any) {
		ref.Name += "-other"
		distOf(document)["signatures"] = []any{signature(key, ref, document)}
	}
}

// WrongIntegrity is that of another tarball. The signature before it was made for
// the right one; follow it by [SignedBy] for one that fits.
func WrongIntegrity(_ plugins.Ref, document map[string]any) {
	distOf(document)["integrity"] = plugins.IntegrityOf(sha512.Sum512([]byte("another"))).String()
}

// OnlyShasum has no integrity but the old SHA-1.
func OnlyShasum(_ plugins.Ref, document map[string]any) { delete(distOf(document), "integrity") }

// Dist puts a value into dist, such as another "tarball"; nil removes it.
func Dist(field string, value any) Lie {
	return func(_ plugins.Ref, document map[string]any) { set(distOf(document), field, value) }
}

// Field puts a value into the document and leaves package.json as it is, such as
// another "version"; nil removes it.
func Field(field string, value any) Lie {
	return func(_ plugins.Ref, document map[string]any) { set(document, field, value) }
}

func set(object map[string]any, field string, value any) {
	if value == nil {
		delete(object, field)
	} else {
		object[field] = value
	}
}
