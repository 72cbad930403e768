// Package load fills a lab with pods without asking its API server: objects are written to etcd in
// the form the server stores them in, which is a hundred times faster than creating them.
package load

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/ptr"
)

// Label marks everything load makes, so that it can find it again.
const Label = "kubectl-live/load"

// podsPerDeployment is how many pods share a ReplicaSet.
const podsPerDeployment = 20

// Plan says how much to make.
type Plan struct {
	Pods       int
	Nodes      int
	Namespaces int
	// Prefix begins the names of namespaces and nodes.
	Prefix string
	// KubeletPort is what nodes say their kubelet listens on.
	KubeletPort int
	// Metrics lets metrics-server find what the pods use.
	Metrics bool
	Now     time.Time
}

// Namespace is the name of namespace i.
func (p Plan) Namespace(i int) string { return fmt.Sprintf("%s-%d", p.Prefix, i) }

func (p Plan) node(i int) string { return fmt.Sprintf("%s-node-%04d", p.Prefix, i) }

// entry is an object and where it is stored.
type entry struct {
	key    string
	object runtime.Object
}

var applications = []string{
	"cart", "checkout", "catalog", "search", "payments", "ledger", "mailer", "gateway", "profile", "reviews",
	"inventory", "pricing", "shipping", "recommend", "sessions", "webhooks", "reports", "audit", "media", "frontend",
}

// nodeEntries makes the nodes.
func (p Plan) nodeEntries() []entry {
	entries := make([]entry, 0, p.Nodes)
	for i := range p.Nodes {
		node := p.makeNode(i)
		entries = append(entries, entry{"/registry/minions/" + node.Name, node})
	}
	return entries
}

func (p Plan) makeNode(i int) *corev1.Node {
	name, since := p.node(i), metav1.NewTime(p.Now.Add(-time.Duration(24+i%400)*time.Hour))
	capacity := corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("64"), corev1.ResourceMemory: resource.MustParse("256Gi"),
		corev1.ResourcePods: resource.MustParse("1000"), corev1.ResourceEphemeralStorage: resource.MustParse("400Gi"),
	}
	condition := func(kind corev1.NodeConditionType, status corev1.ConditionStatus, reason, message string) corev1.NodeCondition {
		return corev1.NodeCondition{
			Type: kind, Status: status, Reason: reason, Message: message,
			LastHeartbeatTime: metav1.NewTime(p.Now), LastTransitionTime: since,
		}
	}
	return &corev1.Node{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"},
		ObjectMeta: metav1.ObjectMeta{
			Name: name, UID: uid(p.Prefix, "node", i), CreationTimestamp: since,
			Labels: map[string]string{
				Label: p.Prefix, corev1.LabelHostname: name, corev1.LabelOSStable: "linux", corev1.LabelArchStable: "amd64",
				corev1.LabelTopologyZone:       fmt.Sprintf("eu-%c", 'a'+i%3),
				"node-role.kubernetes.io/load": "",
			},
			Annotations: p.nodeAnnotations(name),
		},
		Spec: corev1.NodeSpec{PodCIDR: fmt.Sprintf("10.%d.%d.0/24", 100+i/256%100, i%256)},
		Status: corev1.NodeStatus{
			Capacity: capacity, Allocatable: capacity, Phase: corev1.NodeRunning,
			Conditions: []corev1.NodeCondition{
				condition(corev1.NodeReady, corev1.ConditionTrue, "KubeletReady", "kubelet is posting ready status"),
				condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
				condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
				condition(corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
			},
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: "127.0.0.1"}, {Type: corev1.NodeHostName, Address: name},
			},
			DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: int32(p.KubeletPort)}},
			NodeInfo: corev1.NodeSystemInfo{
				Architecture: "amd64", OperatingSystem: "linux", KubeletVersion: "v1.36.3", KubeProxyVersion: "v1.36.3",
				ContainerRuntimeVersion: "containerd://2.1.4", KernelVersion: "6.12.41", OSImage: "Debian GNU/Linux 12 (bookworm)",
			},
		},
	}
}

func (p Plan) nodeAnnotations(name string) map[string]string {
	annotations := map[string]string{"kwok.x-k8s.io/node": "fake"}
	if p.Metrics {
		annotations["metrics.k8s.io/resource-metrics-path"] = "/metrics/nodes/" + name + "/metrics/resource"
	}
	return annotations
}

// uid gives an object an identity that is unique in the lab.
func uid(prefix, kind string, number int) types.UID {
	return types.UID(fmt.Sprintf("10ad%04x-%04x-4000-8000-%012x", checksum(prefix+kind), number%0xffff, number))
}

func checksum(text string) int {
	sum := 0
	for _, character := range text {
		sum = (sum*31 + int(character)) & 0xffff
	}
	return sum
}

// workload is one Deployment with its ReplicaSet and pods.
type workload struct {
	prefix    string
	number    int
	namespace string
	name      string
	hash      string
	replicas  int
	created   metav1.Time
}

// workloads spreads the pods over deployments and namespaces.
func (p Plan) workloads() []workload {
	var all []workload
	for left, number := p.Pods, 0; left > 0; number++ {
		replicas := min(left, podsPerDeployment)
		left -= replicas
		application := applications[number%len(applications)]
		all = append(all, workload{
			prefix: p.Prefix, number: number, namespace: p.Namespace(number % p.Namespaces), replicas: replicas,
			name:    fmt.Sprintf("%s-%d", application, number/len(applications)),
			hash:    suffix(uint64(number)*7919+11, 9),
			created: metav1.NewTime(p.Now.Add(-time.Duration(10+number%5000) * time.Minute).Truncate(time.Second)),
		})
	}
	return all
}

func (w workload) labels() map[string]string {
	return map[string]string{"app": w.name, "app.kubernetes.io/name": w.name, "app.kubernetes.io/part-of": "load", "tier": []string{"web", "backend", "data"}[w.number%3]}
}

func (w workload) labelsWithHash() map[string]string {
	labels := w.labels()
	labels["pod-template-hash"] = w.hash
	return labels
}

func (w workload) uid(kind string) types.UID { return uid(w.prefix, kind, w.number) }

func (w workload) replicaSet() string { return w.name + "-" + w.hash }

// entries makes the Deployment and the ReplicaSet with the statuses their controllers would
// give them, so that those find nothing to do.
func (w workload) entries() []entry {
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": w.name}}
	labels := w.labels()
	labels[Label] = "true"
	replicas := int32(w.replicas)
	deployment := &appsv1.Deployment{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{
			Name: w.name, Namespace: w.namespace, UID: w.uid("deployment"), Generation: 1, CreationTimestamp: w.created,
			Labels: labels, Annotations: map[string]string{"deployment.kubernetes.io/revision": "1"},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Selector: selector,
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: w.labels()}, Spec: w.podSpec()},
			Strategy: appsv1.DeploymentStrategy{
				Type: appsv1.RollingUpdateDeploymentStrategyType,
				RollingUpdate: &appsv1.RollingUpdateDeployment{
					MaxUnavailable: ptr.To(intstr.FromString("25%")), MaxSurge: ptr.To(intstr.FromString("25%")),
				},
			},
			RevisionHistoryLimit: ptr.To(int32(10)), ProgressDeadlineSeconds: ptr.To(int32(600)),
		},
		Status: appsv1.DeploymentStatus{
			ObservedGeneration: 1, Replicas: replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
			Conditions: []appsv1.DeploymentCondition{
				{
					Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue, Reason: "MinimumReplicasAvailable",
					Message: "Deployment has minimum availability.", LastUpdateTime: w.created, LastTransitionTime: w.created,
				},
				{
					Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: "NewReplicaSetAvailable",
					Message:        fmt.Sprintf("ReplicaSet %q has successfully progressed.", w.replicaSet()),
					LastUpdateTime: w.created, LastTransitionTime: w.created,
				},
			},
		},
	}
	setLabels := w.labelsWithHash()
	setLabels[Label] = "true"
	set := &appsv1.ReplicaSet{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "ReplicaSet"},
		ObjectMeta: metav1.ObjectMeta{
			Name: w.replicaSet(), Namespace: w.namespace, UID: w.uid("replicaset"), Generation: 1, CreationTimestamp: w.created,
			Labels:          setLabels,
			Annotations:     map[string]string{"deployment.kubernetes.io/desired-replicas": fmt.Sprint(replicas), "deployment.kubernetes.io/max-replicas": fmt.Sprint(replicas + (replicas+3)/4), "deployment.kubernetes.io/revision": "1"},
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(deployment, appsv1.SchemeGroupVersion.WithKind("Deployment"))},
		},
		Spec: appsv1.ReplicaSetSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": w.name, "pod-template-hash": w.hash}},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: w.labelsWithHash()}, Spec: w.podSpec()},
		},
		Status: appsv1.ReplicaSetStatus{
			ObservedGeneration: 1, Replicas: replicas, FullyLabeledReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
		},
	}
	return []entry{
		{fmt.Sprintf("/registry/deployments/%s/%s", w.namespace, w.name), deployment},
		{fmt.Sprintf("/registry/replicasets/%s/%s", w.namespace, set.Name), set},
	}
}

// suffix is n characters of the alphabet Kubernetes makes random names of.
func suffix(seed uint64, n int) string {
	const alphabet = "bcdfghjklmnpqrstvwxz2456789"
	text := make([]byte, n)
	for i := range text {
		seed = seed*6364136223846793005 + 1442695040888963407
		text[i] = alphabet[(seed>>33)%uint64(len(alphabet))]
	}
	return string(text)
}
