package space

import (
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Quota is the most that the pods of a namespace may ask for together, in
// Kubernetes quantities.
type Quota struct {
	// Name is the object's name; "quota" when empty.
	Name string
	// RequestsCPU and RequestsMemory bound the sum of requests, LimitsCPU and
	// LimitsMemory that of limits, sidecars among them.
	RequestsCPU, RequestsMemory, LimitsCPU, LimitsMemory string
	// Pods, VolumeClaims and LoadBalancers bound their numbers; 0 allows none.
	Pods, VolumeClaims, LoadBalancers int
}

// Containers bounds a single container, in Kubernetes quantities.
type Containers struct {
	// Request and Limit are given to a container that names none, Max is the
	// most that one may name.
	Request, Limit, Max Resources
}

// Resources is an amount of processor and memory.
type Resources struct{ CPU, Memory string }

// bound makes the quota and the limit range.
func bound(ctx *pulumi.Context, name string, args Args, metadata metav1.ObjectMetaArgs, child pulumi.ResourceOption) error {
	if err := args.check(); err != nil {
		return err
	}
	metadata.Name = pulumi.String(args.Quota.name())
	_, err := corev1.NewResourceQuota(ctx, name+"-quota", &corev1.ResourceQuotaArgs{
		Metadata: metadata, Spec: corev1.ResourceQuotaSpecArgs{Hard: pulumi.ToStringMap(args.Quota.hard())},
	}, child)
	if err != nil {
		return err
	}
	metadata.Name = pulumi.String("containers")
	_, err = corev1.NewLimitRange(ctx, name+"-containers", &corev1.LimitRangeArgs{
		Metadata: metadata,
		Spec: corev1.LimitRangeSpecArgs{Limits: corev1.LimitRangeItemArray{corev1.LimitRangeItemArgs{
			Type:           pulumi.String("Container"),
			DefaultRequest: args.Containers.Request.list(),
			Default:        args.Containers.Limit.list(),
			Max:            args.Containers.Max.list(),
		}}},
	}, child)
	return err
}

func (q Quota) name() string {
	if q.Name == "" {
		return "quota"
	}
	return q.Name
}

// hard is the quota in the resource names of Kubernetes ("Resource Quotas").
func (q Quota) hard() map[string]string {
	return map[string]string{
		"requests.cpu": q.RequestsCPU, "requests.memory": q.RequestsMemory,
		"limits.cpu": q.LimitsCPU, "limits.memory": q.LimitsMemory,
		"pods":                   strconv.Itoa(q.Pods),
		"persistentvolumeclaims": strconv.Itoa(q.VolumeClaims),
		"services.loadbalancers": strconv.Itoa(q.LoadBalancers),
	}
}

func (r Resources) list() pulumi.StringMap {
	return pulumi.StringMap{"cpu": pulumi.String(r.CPU), "memory": pulumi.String(r.Memory)}
}

// check refuses quantities that Kubernetes would refuse, or that no container
// could meet.
func (a Args) check() error {
	c := a.Containers
	for _, pair := range []struct{ what, low, high string }{
		{"cpu request and limit of a container", c.Request.CPU, c.Limit.CPU},
		{"memory request and limit of a container", c.Request.Memory, c.Limit.Memory},
		{"cpu limit and maximum of a container", c.Limit.CPU, c.Max.CPU},
		{"memory limit and maximum of a container", c.Limit.Memory, c.Max.Memory},
		{"cpu requests and limits of the quota", a.Quota.RequestsCPU, a.Quota.LimitsCPU},
		{"memory requests and limits of the quota", a.Quota.RequestsMemory, a.Quota.LimitsMemory},
	} {
		low, err := resource.ParseQuantity(pair.low)
		if err != nil {
			return fmt.Errorf("bound namespace %s: %s: %q: %w", a.Namespace, pair.what, pair.low, err)
		}
		high, err := resource.ParseQuantity(pair.high)
		if err != nil {
			return fmt.Errorf("bound namespace %s: %s: %q: %w", a.Namespace, pair.what, pair.high, err)
		}
		if low.Cmp(high) > 0 {
			return fmt.Errorf("bound namespace %s: %s: %s is more than %s", a.Namespace, pair.what, pair.low, pair.high)
		}
	}
	return nil
}
