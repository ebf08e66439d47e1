package install

// Exit codes of cmd/plugin-installer. The Jobs' pod failure policy goes by them:
// what a rule refuses is never tried again.
const (
	// ExitDone: all is well.
	ExitDone = 0
	// ExitRefused: the gate refused the plugin, or the portal did not load what it
	// should and went back. To try again changes nothing.
	ExitRefused = 1
	// ExitInvalid: the request or the settings are wrong. To try again changes
	// nothing.
	ExitInvalid = 2
	// ExitUnavailable: it could not be done or not be known now, such as when the
	// registry does not answer. The Job tries again.
	ExitUnavailable = 3
)

// Variables of the installer's environment.
const (
	// VariableRequest is the request as JSON: a [StageRequest] or a [SetRequest].
	VariableRequest = "PLUGIN_REQUEST"
	// VariableVolume is the folder of the shared volume.
	VariableVolume = "PLUGIN_VOLUME"
	// VariableRegistry is the npm registry's URL.
	VariableRegistry = "PLUGIN_REGISTRY"
	// VariableRegistryToken is a token for it; a secret.
	VariableRegistryToken = "PLUGIN_REGISTRY_TOKEN" //nolint:gosec // a name
	// VariableCache is where tarballs are kept: s3://BUCKET/PREFIX or a folder.
	VariableCache = "PLUGIN_CACHE"
	// VariableTrail is the audit trail: s3://BUCKET/PREFIX or a folder.
	VariableTrail = "PLUGIN_TRAIL"
	// VariableAdvisories is OSV's npm export: a URL of its all.zip, s3://BUCKET/KEY,
	// or a file or folder.
	VariableAdvisories = "PLUGIN_ADVISORIES"
	// VariableTrustedRoot is a file: sigstore's trusted_root.json; "" for none.
	VariableTrustedRoot = "PLUGIN_TRUSTED_ROOT"
	// VariableRepository is the repository of the portal's image, without a tag.
	VariableRepository = "PLUGIN_IMAGE_REPOSITORY"
	// VariablePipeline is the pipeline that builds plugins into it, as JSON;
	// VariablePipelineToken what it is asked with, VariablePipelineTrigger GitLab's
	// trigger token and VariablePipelineUser Jenkins's user; secrets.
	VariablePipeline        = "PLUGIN_PIPELINE"
	VariablePipelineToken   = "PLUGIN_PIPELINE_TOKEN"         //nolint:gosec // a name
	VariablePipelineTrigger = "PLUGIN_PIPELINE_TRIGGER_TOKEN" //nolint:gosec // a name
	VariablePipelineUser    = "PLUGIN_PIPELINE_USER"
	// VariableAttempt tells one Job that builds from another: its pods share it, and
	// find one run of the pipeline. The pod's name where it is not set.
	VariableAttempt = "PLUGIN_ATTEMPT"
	// VariableWorkload is a hash of the portal's Deployments, "" when nobody knows it:
	// with another one the portal is another (SetRequest.Workload).
	VariableWorkload = "PLUGIN_WORKLOAD"
	// VariableNamespace and VariablePod are those of the pod (downward API).
	VariableNamespace = "POD_NAMESPACE"
	VariablePod       = "POD_NAME"
	// VariableDeployments are the portal's Deployments, with commas between.
	VariableDeployments = "PLUGIN_DEPLOYMENTS"
	// VariableMessage is the file whose text Kubernetes shows of an ended container.
	VariableMessage = "TERMINATION_MESSAGE_PATH"
	// VariableActor is who asked, for the audit trail, and VariableReason why. A Job
	// that somebody made by hand has neither: it says its own name, [VariableJob].
	VariableActor  = "PLUGIN_ACTOR"
	VariableReason = "PLUGIN_REASON"
	VariableJob    = "JOB_NAME"
	// VariableName and VariableVersion are what `kubectl create job
	// --from=cronjob/plugin-installer` sets (deployment guide, "Install a Plugin").
	VariableName    = "PLUGIN_NAME"
	VariableVersion = "PLUGIN_VERSION"
)

// Names in the cluster, which the Deployment's side and the installer's share.
const (
	// Annotation of the pod template of the portal's Deployments: the generation
	// that their pods load. Its owner is the installer alone, so that `kubectl
	// rollout undo` goes back to the plugins of before.
	Annotation = "gatehouse/plugin-generation"
	// AnnotationActor and AnnotationReason of a Job's pods are who asked and why.
	AnnotationActor  = "gatehouse/requested-by"
	AnnotationReason = "gatehouse/reason"
	// GenerationVariable is the variable that pods have it in.
	GenerationVariable = "PLUGIN_GENERATION"
	// StatusName is the ConfigMap with the status, and the Lease's name.
	StatusName = "backstage-plugins"
	// ProbePort is where the probe answers, in every pod of the portal.
	ProbePort = 7010
	// LoaderProbePort is that of the container plugin-loader.
	LoaderProbePort = 7011
	// BackstagePort is the backend's.
	BackstagePort = 7007
	// App is the label `app` of the portal's pods.
	App = "backstage"
)
