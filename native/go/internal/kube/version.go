package kube

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// Version is that of the kubectl inside, as its module names it: "v0.36.3" is kubectl 1.36.3.
var Version = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range info.Deps {
		if module.Path == "k8s.io/kubectl" {
			return module.Version
		}
	}
	return "unknown"
})

// The server's audit log and its flow control see this name.
func userAgent() string {
	return "kubectl-live (kubectl " + Version() + "; " + runtime.GOOS + "/" + runtime.GOARCH + ")"
}
