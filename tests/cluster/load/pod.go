package load

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/ptr"
)

// podSpec is the template's specification. Every third workload has a sidecar.
func (w workload) podSpec() corev1.PodSpec {
	containers := []corev1.Container{{
		Name: "app", Image: fmt.Sprintf("registry.example/%s:1.%d.0", strings.Split(w.name, "-")[0], w.number%40),
		Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}},
		Env: []corev1.EnvVar{
			{Name: "LOG_LEVEL", Value: "info"}, {Name: "REGION", Value: "eu"},
			{Name: "POD_NAME", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.name"}}},
		},
		Resources: resources("50m", "64Mi", "500m", "256Mi"),
		ReadinessProbe: &corev1.Probe{
			ProbeHandler:   corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromString("http"), Scheme: corev1.URISchemeHTTP}},
			TimeoutSeconds: 1, PeriodSeconds: 10, SuccessThreshold: 1, FailureThreshold: 3,
		},
	}}
	if w.number%3 == 0 {
		containers = append(containers, corev1.Container{
			Name: "proxy", Image: "registry.example/envoy:1.34", Resources: resources("10m", "32Mi", "200m", "128Mi"),
			Ports: []corev1.ContainerPort{{Name: "admin", ContainerPort: 15000, Protocol: corev1.ProtocolTCP}},
		})
	}
	for i := range containers {
		containers[i].TerminationMessagePath = "/dev/termination-log"
		containers[i].TerminationMessagePolicy = corev1.TerminationMessageReadFile
		containers[i].ImagePullPolicy = corev1.PullIfNotPresent
	}
	return corev1.PodSpec{
		Containers: containers, RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst,
		TerminationGracePeriodSeconds: ptr.To(int64(30)), SchedulerName: corev1.DefaultSchedulerName,
		SecurityContext: &corev1.PodSecurityContext{},
	}
}

func resources(cpu, memory, cpuLimit, memoryLimit string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)},
		Limits:   corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpuLimit), corev1.ResourceMemory: resource.MustParse(memoryLimit)},
	}
}

// pod makes pod i of a workload as it is when it has run for a while. number counts all pods.
func (p Plan) pod(w workload, i, number int) entry {
	started := metav1.NewTime(w.created.Add(time.Duration(2+i%7) * time.Second))
	restarts := int32(0)
	if number%17 == 0 {
		restarts = int32(1 + number%5)
	}
	spec := w.podSpec()
	spec.NodeName = p.node(number % p.Nodes)
	spec.ServiceAccountName, spec.DeprecatedServiceAccount = "default", "default"
	spec.EnableServiceLinks, spec.PreemptionPolicy, spec.Priority = ptr.To(true), ptr.To(corev1.PreemptLowerPriority), ptr.To(int32(0))
	spec.Tolerations = []corev1.Toleration{
		{Key: "node.kubernetes.io/not-ready", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr.To(int64(300))},
		{Key: "node.kubernetes.io/unreachable", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr.To(int64(300))},
	}
	address := fmt.Sprintf("10.%d.%d.%d", 1+number>>16&0x3f, number>>8&0xff, number&0xff)
	var statuses []corev1.ContainerStatus
	for c, container := range spec.Containers {
		statuses = append(statuses, corev1.ContainerStatus{
			Name: container.Name, Image: container.Image, Ready: true, Started: ptr.To(true),
			ImageID:      "registry.example/app@sha256:" + strings.Repeat(suffix(uint64(w.number*3+c), 8), 8),
			ContainerID:  "containerd://" + strings.Repeat(suffix(uint64(number*3+c), 8), 8),
			RestartCount: restarts,
			State:        corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}},
		})
	}
	name := w.replicaSet() + "-" + suffix(uint64(number)*31+7, 5)
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			Name: name, GenerateName: w.replicaSet() + "-", Namespace: w.namespace, UID: uid(p.Prefix, "pod", number),
			Generation: 1, CreationTimestamp: w.created, Labels: w.labelsWithHash(),
			Annotations: map[string]string{Label: "true", "prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: "apps/v1", Kind: "ReplicaSet", Name: w.replicaSet(), UID: w.uid("replicaset"),
				Controller: ptr.To(true), BlockOwnerDeletion: ptr.To(true),
			}},
			ManagedFields: managedFields(w, spec.Containers, address, started),
		},
		Spec: spec,
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, StartTime: &w.created, QOSClass: corev1.PodQOSBurstable, ObservedGeneration: 1,
			HostIP: "127.0.0.1", HostIPs: []corev1.HostIP{{IP: "127.0.0.1"}},
			PodIP: address, PodIPs: []corev1.PodIP{{IP: address}},
			ContainerStatuses: statuses,
			Conditions: []corev1.PodCondition{
				condition(corev1.PodReadyToStartContainers, started), condition(corev1.PodInitialized, w.created),
				condition(corev1.PodReady, started), condition(corev1.ContainersReady, started), condition(corev1.PodScheduled, w.created),
			},
		},
	}
	return entry{fmt.Sprintf("/registry/pods/%s/%s", w.namespace, name), pod}
}

func condition(kind corev1.PodConditionType, since metav1.Time) corev1.PodCondition {
	return corev1.PodCondition{Type: kind, Status: corev1.ConditionTrue, ObservedGeneration: 1, LastTransitionTime: since}
}

// managedFields are those of a pod that the ReplicaSet controller made and a kubelet reports on.
// They are a third of a real pod's size, so a client's cost of skipping them is real too.
func managedFields(w workload, containers []corev1.Container, address string, at metav1.Time) []metav1.ManagedFieldsEntry {
	var specs strings.Builder
	for i, container := range containers {
		if i > 0 {
			specs.WriteString(",")
		}
		fmt.Fprintf(&specs, `"k:{\"name\":\"%s\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}},`+
			`"k:{\"name\":\"POD_NAME\"}":{".":{},"f:name":{},"f:valueFrom":{".":{},"f:fieldRef":{}}},"k:{\"name\":\"REGION\"}":{".":{},"f:name":{},"f:value":{}}},`+
			`"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},`+
			`"f:readinessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},`+
			`"f:resources":{".":{},"f:limits":{".":{},"f:cpu":{},"f:memory":{}},"f:requests":{".":{},"f:cpu":{},"f:memory":{}}},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}`, container.Name)
	}
	manager := fmt.Sprintf(`{"f:metadata":{"f:annotations":{".":{},"f:prometheus.io/port":{},"f:prometheus.io/scrape":{}},"f:generateName":{},`+
		`"f:labels":{".":{},"f:app":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},"f:pod-template-hash":{},"f:tier":{}},`+
		`"f:ownerReferences":{".":{},"k:{\"uid\":\"%s\"}":{}}},"f:spec":{"f:containers":{%s},"f:dnsPolicy":{},"f:enableServiceLinks":{},`+
		`"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}`, w.uid("replicaset"), specs.String())
	kubelet := fmt.Sprintf(`{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},`+
		`"k:{\"type\":\"Initialized\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},`+
		`"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},`+
		`"f:containerStatuses":{},"f:hostIP":{},"f:hostIPs":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"%s\"}":{".":{},"f:ip":{}}},"f:startTime":{}}}`, address)
	return []metav1.ManagedFieldsEntry{
		{
			Manager: "kube-controller-manager", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Time: &w.created,
			FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(manager)},
		},
		{
			Manager: "kubelet", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Time: &at,
			FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(kubelet)}, Subresource: "status",
		},
	}
}
