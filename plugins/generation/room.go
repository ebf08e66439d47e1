package generation

import "path"

// Room is a part of a generation that one process loads.
type Room string

const (
	// Portal is what Backstage loads itself. It is the zero value's meaning too.
	Portal Room = "plugins"
	// Sidecar is what the container plugin-loader beside Backstage loads.
	Sidecar Room = "sidecar"
)

// rooms are in every generation, also with no plugin in them: a pod names the
// paths of both.
var rooms = []Room{Portal, Sidecar}

func (r Room) name() string {
	if r == "" {
		return string(Portal)
	}
	return string(r)
}

// config is the app-config of a room, below a generation's folder.
func (r Room) config() string {
	if r.name() == string(Portal) {
		return "app-config.yaml"
	}
	return "app-config." + r.name() + ".yaml"
}

// Root is the folder that Backstage's dynamicPlugins.rootDirectory names, below the
// volume.
func (id ID) Root(room Room) string { return path.Join(id.path(), room.name()) }

// AppConfig is the file with all fragments of app-config of a room, below the
// volume.
func (id ID) AppConfig(room Room) string { return path.Join(id.path(), room.config()) }
