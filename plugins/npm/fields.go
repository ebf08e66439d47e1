package npm

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// fields are an object's by their exact names. encoding/json takes "Scripts" for
// "scripts" where it fills a struct; Node and npm do not, and what they run is what
// counts.
type fields map[string]json.RawMessage

func readFields(content []byte) (fields, error) {
	var f fields
	if err := json.Unmarshal(content, &f); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, fmt.Errorf("it is null")
	}
	return f, nil
}

// read reads a field into a value; an absent one or null leaves it.
func (f fields) read(name string, into any) error {
	value, there := f[name]
	if !there || string(value) == "null" {
		return nil
	}
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// object is a field that is an object. An empty list passes for an empty object:
// old tools wrote it so.
func (f fields) object(name string) (fields, error) {
	value := bytes.TrimSpace(f[name])
	if len(value) == 0 || string(value) == "null" || string(value) == "[]" {
		return nil, nil
	}
	object, err := readFields(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return object, nil
}

// texts is a field that is an object of strings.
func (f fields) texts(name string) (map[string]string, error) {
	object, err := f.object(name)
	if err != nil || len(object) == 0 {
		return nil, err
	}
	texts := make(map[string]string, len(object))
	for key, value := range object {
		var text *string
		if err := json.Unmarshal(value, &text); err != nil || text == nil {
			return nil, fmt.Errorf("%s: %s is no string", name, key)
		}
		texts[key] = *text
	}
	return texts, nil
}

// text is a field that counts if it is a string, and else does not.
func (f fields) text(name string) (text string) {
	_ = json.Unmarshal(f[name], &text)
	return text
}
