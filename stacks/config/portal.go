package config

// Portal configures the portal's own workloads.
type Portal struct {
	// Images says which image of each repository runs.
	Images Images `yaml:"images" jsonschema:"default={}"`
	// Frontend is the Next.js application; the deployment guide asks for 4 or
	// more instances.
	Frontend Workload `yaml:"frontend" jsonschema:"default={minReplicas: 4}"`
	// WebSocket is the Socket.io server.
	WebSocket Workload `yaml:"websocket" jsonschema:"default={cpu: 250m, memory: 256Mi, cpuLimit: 500m, memoryLimit: 512Mi}"`
	// Backstage is the Backstage backend; 2 to 10 pods (deployment guide,
	// Auto-scaling Configuration).
	Backstage Workload `yaml:"backstage" jsonschema:"default={memory: 1Gi, cpuLimit: '2', memoryLimit: 2Gi}"`
	// CPUTargetPercent is the share of the requested CPU that the autoscaler
	// keeps pods at (deployment guide, Auto-scaling Configuration).
	CPUTargetPercent int `yaml:"cpuTargetPercent" jsonschema:"minimum=10,maximum=95,default=70"`
	// Strategy is how a new version replaces the old one: rolling, or
	// blueGreen with two sets of pods.
	Strategy Strategy `yaml:"strategy" jsonschema:"default=rolling"`
	// Active is the set of pods that gets the traffic; only with
	// strategy: blueGreen.
	Active *Colour `yaml:"active"`
	// GreenImages is what the green set runs, and Images is then the blue
	// one's; absent, both run Images. Only with strategy: blueGreen. A release
	// changes the images of the idle set, and Active when they have proved
	// themselves.
	GreenImages *GreenImages `yaml:"greenImages"`
	// Pooler is PgBouncer between the portal and the database.
	Pooler Pooler `yaml:"pooler" jsonschema:"default={}"`
	// Plugins says which plugins there are and how they are installed.
	Plugins Plugins `yaml:"plugins" jsonschema:"default={}"`
	// Maintenance is the maintenance mode and its windows.
	Maintenance Maintenance `yaml:"maintenance" jsonschema:"default={}"`
}

// Images says which image of each of the environment's ECR repositories runs:
// TAG, or TAG@sha256:DIGEST, which production demands.
type Images struct {
	// PortalFrontend is the repository portal-frontend.
	PortalFrontend ImageReference `yaml:"portalFrontend" jsonschema:"default=1.0.0"`
	// WebSocket is the repository websocket.
	WebSocket ImageReference `yaml:"websocket" jsonschema:"default=1.0.0"`
	// Backstage is the repository backstage-backend.
	Backstage ImageReference `yaml:"backstage" jsonschema:"default=1.0.0"`
	// PluginInstaller is the repository plugin-installer.
	PluginInstaller ImageReference `yaml:"pluginInstaller" jsonschema:"default=1.0.0"`
	// PluginLoader is the repository plugin-loader.
	PluginLoader ImageReference `yaml:"pluginLoader" jsonschema:"default=1.0.0"`
	// Keeper is the repository keeper: backups, drills and database roles.
	Keeper ImageReference `yaml:"keeper" jsonschema:"default=1.0.0"`
	// PgBouncer is the repository pgbouncer.
	PgBouncer ImageReference `yaml:"pgbouncer" jsonschema:"default=1.0.0"`
}

// GreenImages are the images of the green set of pods.
type GreenImages struct {
	// PortalFrontend is of the repository portal-frontend.
	PortalFrontend ImageReference `yaml:"portalFrontend"`
	// WebSocket is of the repository websocket.
	WebSocket ImageReference `yaml:"websocket"`
	// Backstage is of the repository backstage-backend.
	Backstage ImageReference `yaml:"backstage"`
}

// Workload is the size of one Deployment: how many pods, and what each gets.
type Workload struct {
	// MinReplicas is the least number of pods.
	MinReplicas int `yaml:"minReplicas" jsonschema:"minimum=1,maximum=100,default=2"`
	// MaxReplicas is where the autoscaler stops.
	MaxReplicas int `yaml:"maxReplicas" jsonschema:"minimum=1,maximum=100,default=10"`
	// CPU is what a pod requests.
	CPU CPU `yaml:"cpu" jsonschema:"default=500m"`
	// Memory is what a pod requests.
	Memory Memory `yaml:"memory" jsonschema:"default=512Mi"`
	// CPULimit is the most CPU that a pod gets.
	CPULimit CPU `yaml:"cpuLimit" jsonschema:"default=1"`
	// MemoryLimit is the memory at which a pod is killed.
	MemoryLimit Memory `yaml:"memoryLimit" jsonschema:"default=1Gi"`
}

// Pooler is PgBouncer between the portal and the database.
type Pooler struct {
	// Replicas is the number of pods.
	Replicas int `yaml:"replicas" jsonschema:"minimum=1,maximum=20,default=2"`
	// Mode is how long a client keeps a server connection.
	Mode PoolMode `yaml:"mode" jsonschema:"default=transaction"`
	// PoolSize is how many server connections a pod opens to each database.
	PoolSize int `yaml:"poolSize" jsonschema:"minimum=1,maximum=1000,default=20"`
	// ReservePool is how many more it opens when clients wait too long.
	ReservePool int `yaml:"reservePool" jsonschema:"minimum=0,maximum=1000,default=5"`
	// MaxClients is how many clients a pod takes.
	MaxClients int `yaml:"maxClients" jsonschema:"minimum=10,maximum=20000,default=500"`
}

// Maintenance is the maintenance mode and its windows.
type Maintenance struct {
	// Enabled shows the maintenance page instead of the portal.
	Enabled bool `yaml:"enabled" jsonschema:"default=false"`
	// AllowedCIDRs reach the portal all the same.
	AllowedCIDRs []CIDR `yaml:"allowedCidrs" jsonschema:"default=[]"`
	// Message is what the page says, in plain text.
	Message string `yaml:"message" jsonschema:"default=The portal is being maintained and will be back soon."`
	// Weekly is the weekly window, UTC (readiness guide, Maintenance Windows).
	Weekly WeeklyWindow `yaml:"weekly" jsonschema:"default=sun:02:00-sun:04:00"`
	// Monthly is the window on the first Sunday of a month, UTC (readiness
	// guide, Maintenance Windows).
	Monthly DailyWindow `yaml:"monthly" jsonschema:"default=01:00-05:00"`
}
