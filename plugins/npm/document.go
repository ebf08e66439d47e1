package npm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"gatehouse/plugins"
)

// document is what is wanted of a package's document.
type document struct {
	name      string
	versions  []string        // all
	version   json.RawMessage // the one that was asked for, nil if it is absent
	published json.RawMessage // when, as it was said
}

// readDocument reads a document token by token: those of old packages are tens of
// megabytes, and one version of them is needed.
func readDocument(body io.Reader, ref plugins.Ref) (document, error) {
	var d document
	dec := json.NewDecoder(body)
	err := members(dec, func(name string) error {
		switch name {
		case "name":
			return dec.Decode(&d.name)
		case "versions":
			return members(dec, func(version string) error {
				d.versions = append(d.versions, version)
				return only(dec, version == ref.Version, &d.version)
			})
		case "time":
			return members(dec, func(version string) error {
				return only(dec, version == ref.Version, &d.published)
			})
		}
		return only(dec, false, nil)
	})
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("something follows the document")
		}
	}
	switch {
	case err != nil:
		return document{}, fmt.Errorf("%w: the document of %s: %w", ErrInvalid, ref.Name, err)
	case d.name != ref.Name:
		return document{}, fmt.Errorf("%w: it answers with the document of %q for %s", ErrInvalid, d.name, ref.Name)
	}
	return d, nil
}

// members calls with each name of the object that comes; visit reads the value.
func members(dec *json.Decoder, visit func(name string) error) error {
	if token, err := dec.Token(); err != nil {
		return err
	} else if token != json.Delim('{') {
		return fmt.Errorf("no object at byte %d", dec.InputOffset())
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // a name is nothing else
		if err := visit(name); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// only reads the value that comes, and keeps it if it is wanted. One that is there
// twice is refused: readers differ in which of the two counts.
func only(dec *json.Decoder, wanted bool, into *json.RawMessage) error {
	if !wanted {
		var skipped json.RawMessage
		return dec.Decode(&skipped)
	}
	if *into != nil {
		return errors.New("it has the version twice")
	}
	return dec.Decode(into)
}
