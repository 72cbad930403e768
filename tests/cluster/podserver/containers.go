package podserver

import (
	corev1 "k8s.io/api/core/v1"
)

// containerStatus finds a container of any sort (ordinary, init, ephemeral) by name.
func containerStatus(pod *corev1.Pod, name string) (corev1.ContainerStatus, bool) {
	for _, statuses := range [][]corev1.ContainerStatus{
		pod.Status.ContainerStatuses, pod.Status.InitContainerStatuses, pod.Status.EphemeralContainerStatuses,
	} {
		for _, status := range statuses {
			if status.Name == name {
				return status, true
			}
		}
	}
	return corev1.ContainerStatus{}, false
}

func stateOf(pod *corev1.Pod, name string) corev1.ContainerState {
	status, _ := containerStatus(pod, name)
	return status.State
}

// containerSpec finds the specification; an ephemeral container's is nearly an ordinary one.
func containerSpec(pod *corev1.Pod, name string) (corev1.Container, bool) {
	for _, containers := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for _, container := range containers {
			if container.Name == name {
				return container, true
			}
		}
	}
	for _, container := range pod.Spec.EphemeralContainers {
		if container.Name == name {
			return corev1.Container(container.EphemeralContainerCommon), true
		}
	}
	return corev1.Container{}, false
}
