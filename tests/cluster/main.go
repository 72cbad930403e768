// Command lab is a Kubernetes cluster in one binary: etcd, kube-apiserver, kube-controller-manager,
// kube-scheduler, kubelet, kubectl, kwok and metrics-server, compiled from their Go modules, and a
// supervisor that runs them on loopback without privileges. Nodes are simulated by kwok; for the pods on
// them the supervisor plays the kubelet (logs, exec, attach, port-forward). The tests use it, and
// so does the demo.
//
//	lab up [--name N] [--state DIR] [--foreground] [--demo]
//	lab down | status [--json] | list | compact
//	lab stop|start|kill|pause|resume COMPONENT...
//	lab kubeconfig [--user U --group G... --expired --context C --out FILE]
//	lab load --pods N --nodes M [--namespaces K] [--prefix bench] [--metrics] | load --clear
//	lab churn --rate R [--seconds S]
//	lab demo [--keep-rolling]
//	lab kubectl ARGS...        (or a link to this file called kubectl)
//	lab etcd|kube-apiserver|kubelet|... ARGS...   (any component as itself)
//
// Every command takes --name (default "default") or --state to say which lab it is about.
//
// Processes. The supervisor is the parent of every component. Components are started from one
// locked thread with PDEATHSIG, so the kernel ends them with the supervisor, even after kill -9.
// A foreground supervisor ends on SIGINT, SIGTERM, the end of its input, and with its parent. A lock
// on the state directory says whether a lab runs; recorded pids are never trusted without it.
//
// Annotations. A pod may ask to be simulated in a certain way:
//
//	kubectl-live/behave      slow-start, crash, image-pull, forever (a Job's pod that does not end)
//	kubectl-live/cpu         around how much CPU each container uses, e.g. "120m"
//	kubectl-live/memory      around how much memory each container uses, e.g. "90Mi"
//	kubectl-live/log-kind    what its logs look like: access, json, logfmt, klog, java, postgres, awkward
//	kubectl-live/log-rate    lines a second, e.g. "0.2" or "5000"
//	kubectl-live/log-lines   lines already there when the container starts
//
// Packages that do not import Kubernetes (flags, pki, ports, state, process, control, kubeconfig, logtext,
// plane, supervise) test in seconds; the others need everything compiled.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// commands are our own, by name.
var commands = map[string]func(args []string) error{
	"up": up, "down": down, "status": status, "list": list, "kubeconfig": writeKubeconfig,
	"stop": operate("stop"), "start": operate("start"), "kill": operate("kill"),
	"pause": operate("pause"), "resume": operate("resume"),
	"load": loadPods, "churn": churnPods, "compact": compact, "demo": makeDemo,
}

func main() {
	if run, ok := components[filepath.Base(os.Args[0])]; ok {
		os.Exit(run())
	}
	if len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-") {
		usage()
	}
	if run, ok := components[os.Args[1]]; ok {
		os.Args = os.Args[1:]
		os.Exit(run())
	}
	run, ok := commands[os.Args[1]]
	if !ok {
		usage()
	}
	err := run(os.Args[2:])
	if err == nil || errors.Is(err, pflag.ErrHelp) {
		return
	}
	var quiet exitCode
	if errors.As(err, &quiet) {
		os.Exit(int(quiet))
	}
	fmt.Fprintf(os.Stderr, "lab %s: %v\n", os.Args[1], err)
	os.Exit(1)
}

// exitCode ends the program with that code and no message: what there was to say is said.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

func usage() {
	var own, included []string
	for name := range commands {
		own = append(own, name)
	}
	for name := range components {
		included = append(included, name)
	}
	slices.Sort(own)
	slices.Sort(included)
	fmt.Fprintf(os.Stderr, "usage: lab COMMAND [--name NAME] [flags]\n\ncommands: %s\nincluded: %s\n",
		strings.Join(own, ", "), strings.Join(included, ", "))
	os.Exit(2)
}
