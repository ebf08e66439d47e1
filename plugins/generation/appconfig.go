package generation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins/appconfig"
)

// appConfig puts fragments together into one file. Backstage itself would let the
// last of several files win; here, two plugins that want different values for one
// key are an error, since one of them would not work as configured.
type appConfig struct {
	values map[string]any
	// from is whose each value is, by its path.
	from map[string]string
}

func newAppConfig() *appConfig {
	return &appConfig{values: map[string]any{}, from: map[string]string{}}
}

// add merges a plugin's fragment in. What is the portal's own is refused, whoever
// wrote the fragment: configuration is judged by the same rules, but a set may come
// from elsewhere, such as a status that was changed by hand.
func (c *appConfig) add(plugin string, fragment []byte) error {
	values, err := parseFragment(plugin, fragment)
	if err != nil {
		return err
	}
	if refused := appconfig.Check(values); len(refused) > 0 {
		return fmt.Errorf("the app-config of %s: %s", plugin, refused[0])
	}
	return c.merge(plugin, "", c.values, values)
}

// addOwn merges the fragment of an extra in, which is ours.
func (c *appConfig) addOwn(name string, fragment []byte) error {
	values, err := parseFragment(name, fragment)
	if err != nil {
		return err
	}
	return c.merge(name, "", c.values, values)
}

func parseFragment(plugin string, fragment []byte) (map[string]any, error) {
	var values map[string]any
	decoder := yaml.NewDecoder(bytes.NewReader(fragment))
	if err := decoder.Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the app-config of %s: %w; want a mapping, as in app-config.yaml", plugin, err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the app-config of %s: want one document", plugin)
	}
	return values, nil
}

func (c *appConfig) merge(plugin, at string, into, values map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		place, value := at+key, values[key]
		old, there := into[key]
		if !there {
			into[key] = value
			c.own(plugin, place, value)
			continue
		}
		oldMap, isMap := old.(map[string]any)
		newMap, areMaps := value.(map[string]any)
		switch {
		case isMap && areMaps:
			if err := c.merge(plugin, place+".", oldMap, newMap); err != nil {
				return err
			}
		case !reflect.DeepEqual(old, value):
			return fmt.Errorf("%s and %s want different values for %s of app-config: give both the same, or take one out",
				c.owner(place), plugin, place)
		}
	}
	return nil
}

// own notes whose a value is, with all below it.
func (c *appConfig) own(plugin, place string, value any) {
	c.from[place] = plugin
	if below, is := value.(map[string]any); is {
		for key, each := range below {
			c.own(plugin, place+"."+key, each)
		}
	}
}

func (c *appConfig) owner(place string) string { return c.from[place] }

// file is the whole, the same for the same fragments in whatever order.
func (c *appConfig) file() ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(c.values); err != nil {
		return nil, fmt.Errorf("write the app-config: %w", err)
	}
	return b.Bytes(), encoder.Close()
}
