// Package plane says which programs make up a control plane and with which arguments they run.
package plane

import (
	"fmt"

	"kubectl-live/lab/ports"
	"kubectl-live/lab/state"
)

// Names of the components, as they are started and as users type them.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
	Kwok              = "kwok"
	MetricsServer     = "metrics-server"
)

// Component is one program.
type Component struct {
	Name string
	Args []string
	Port int
	// Health is the address that answers 200 when the component is ready.
	Health string
	// Needs are the components that must be ready before it is started.
	Needs []string
}

// Ports are those of one lab.
type Ports struct {
	Etcd, EtcdPeer, APIServer, ControllerManager, Scheduler, Kwok, Kubelet, MetricsServer int
}

// NewPorts picks free ports.
func NewPorts() (Ports, error) {
	free, err := ports.Free(8)
	if err != nil {
		return Ports{}, err
	}
	return Ports{free[0], free[1], free[2], free[3], free[4], free[5], free[6], free[7]}, nil
}

// Server is the address of the API server.
func (p Ports) Server() string { return fmt.Sprintf("https://127.0.0.1:%d", p.APIServer) }

// EtcdURL is the address of etcd's client port.
func (p Ports) EtcdURL() string { return fmt.Sprintf("http://127.0.0.1:%d", p.Etcd) }

// KubeletURL is where the pods of simulated nodes are answered for.
func (p Ports) KubeletURL() string { return fmt.Sprintf("https://127.0.0.1:%d", p.Kubelet) }

// Control is the `control` profile: a control plane with simulated nodes. It needs no privileges.
func Control(dir state.Dir, ports Ports) []Component {
	return []Component{
		etcd(dir, ports), apiServer(dir, ports), controllerManager(dir, ports),
		scheduler(dir, ports), kwok(dir, ports), metricsServer(dir, ports),
	}
}

// etcd keeps its data without fsync: it is gone with the lab anyway, and 10,000 pods are written
// in half a second. The quota leaves room for minutes of churn between compactions.
func etcd(dir state.Dir, ports Ports) Component {
	client, peer := ports.EtcdURL(), fmt.Sprintf("http://127.0.0.1:%d", ports.EtcdPeer)
	return Component{
		Name: Etcd, Port: ports.Etcd, Health: client + "/health",
		Args: []string{
			"--name=lab", "--data-dir=" + dir.Path("etcd"),
			"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
			"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer,
			"--initial-cluster=lab=" + peer,
			// A cluster of one waits a whole election timeout before it leads itself.
			"--heartbeat-interval=10", "--election-timeout=100",
			"--unsafe-no-fsync", "--quota-backend-bytes=8589934592", "--log-level=warn",
		},
	}
}

func apiServer(dir state.Dir, ports Ports) Component {
	pki := pkiIn(dir)
	return Component{
		Name: APIServer, Port: ports.APIServer, Health: ports.Server() + "/readyz", Needs: []string{Etcd},
		Args: []string{
			"--etcd-servers=" + ports.EtcdURL(),
			fmt.Sprintf("--secure-port=%d", ports.APIServer),
			"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
			"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
			"--cert-dir=" + dir.Path("pki"),
			"--client-ca-file=" + pki("ca.crt"),
			"--tls-cert-file=" + pki("apiserver.crt"), "--tls-private-key-file=" + pki("apiserver.key"),
			"--service-account-issuer=https://kubernetes.default.svc",
			"--service-account-key-file=" + pki("sa.pub"), "--service-account-signing-key-file=" + pki("sa.key"),
			"--kubelet-client-certificate=" + pki("kubelet-client.crt"),
			"--kubelet-client-key=" + pki("kubelet-client.key"),
			"--kubelet-certificate-authority=" + pki("ca.crt"),
			"--kubelet-preferred-address-types=InternalIP",
			"--requestheader-client-ca-file=" + pki("front-proxy-ca.crt"),
			"--requestheader-allowed-names=front-proxy-client",
			"--requestheader-username-headers=X-Remote-User",
			"--requestheader-group-headers=X-Remote-Group",
			"--requestheader-extra-headers-prefix=X-Remote-Extra-",
			"--proxy-client-cert-file=" + pki("front-proxy-client.crt"),
			"--proxy-client-key-file=" + pki("front-proxy-client.key"),
			"--allow-privileged", "--service-cluster-ip-range=10.96.0.0/16",
			"--max-requests-inflight=3000", "--max-mutating-requests-inflight=1000",
		},
	}
}

// controllerManager forgives nodes for a day: kwok, which sends their heartbeats, may be paused.
func controllerManager(dir state.Dir, ports Ports) Component {
	pki := pkiIn(dir)
	return Component{
		Name: ControllerManager, Port: ports.ControllerManager, Needs: []string{APIServer},
		Health: fmt.Sprintf("https://127.0.0.1:%d/healthz", ports.ControllerManager),
		Args: append(delegated(dir, ControllerManager, ports.ControllerManager),
			"--kubeconfig="+componentKubeconfig(dir, ControllerManager),
			"--leader-elect=false", "--use-service-account-credentials",
			"--service-account-private-key-file="+pki("sa.key"), "--root-ca-file="+pki("ca.crt"),
			"--cluster-signing-cert-file="+pki("ca.crt"), "--cluster-signing-key-file="+pki("ca.key"),
			"--kube-api-qps=2000", "--kube-api-burst=4000",
			"--concurrent-deployment-syncs=20", "--concurrent-replicaset-syncs=20", "--concurrent-gc-syncs=20",
			"--node-monitor-grace-period=24h",
		),
	}
}

func scheduler(dir state.Dir, ports Ports) Component {
	return Component{
		Name: Scheduler, Port: ports.Scheduler, Needs: []string{APIServer},
		Health: fmt.Sprintf("https://127.0.0.1:%d/healthz", ports.Scheduler),
		Args: append(delegated(dir, Scheduler, ports.Scheduler),
			"--kubeconfig="+componentKubeconfig(dir, Scheduler),
			"--leader-elect=false", "--kube-api-qps=2000", "--kube-api-burst=4000",
		),
	}
}

// kwok plays the nodes. Node objects say that their kubelet is on ports.Kubelet, where the
// supervisor answers for their pods and hands the rest (usage metrics) on to kwok.
func kwok(dir state.Dir, ports Ports) Component {
	pki := pkiIn(dir)
	return Component{
		Name: Kwok, Port: ports.Kwok, Needs: []string{APIServer},
		Health: fmt.Sprintf("https://127.0.0.1:%d/healthz", ports.Kwok),
		Args: []string{
			"--kubeconfig=" + componentKubeconfig(dir, Kwok), "--config=" + dir.Path("config", "kwok.yaml"),
			"--manage-all-nodes=false", "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
			"--node-ip=127.0.0.1", fmt.Sprintf("--node-port=%d", ports.Kubelet),
			fmt.Sprintf("--server-address=127.0.0.1:%d", ports.Kwok),
			"--tls-cert-file=" + pki("server.crt"), "--tls-private-key-file=" + pki("server.key"),
			"--cidr=10.0.0.1/8", "--node-lease-duration-seconds=40",
		},
	}
}

// metricsServer is asked for liveness, not readiness: it is ready only once a node has metrics,
// and an empty lab has no nodes.
func metricsServer(dir state.Dir, ports Ports) Component {
	pki := pkiIn(dir)
	return Component{
		Name: MetricsServer, Port: ports.MetricsServer, Needs: []string{APIServer},
		Health: fmt.Sprintf("https://127.0.0.1:%d/livez", ports.MetricsServer),
		Args: append(delegated(dir, MetricsServer, ports.MetricsServer),
			"--kubeconfig="+componentKubeconfig(dir, MetricsServer),
			"--kubelet-preferred-address-types=InternalIP", "--kubelet-use-node-status-port",
			"--kubelet-certificate-authority="+pki("ca.crt"),
			"--kubelet-client-certificate="+pki("kubelet-client.crt"),
			"--kubelet-client-key="+pki("kubelet-client.key"),
			"--requestheader-client-ca-file="+pki("front-proxy-ca.crt"),
			"--metric-resolution=15s",
		),
	}
}

// delegated are the serving flags of a component that lets the API server judge its callers.
func delegated(dir state.Dir, component string, port int) []string {
	pki, kubeconfig := pkiIn(dir), componentKubeconfig(dir, component)
	return []string{
		"--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file=" + pki("server.crt"), "--tls-private-key-file=" + pki("server.key"),
		"--authentication-kubeconfig=" + kubeconfig, "--authorization-kubeconfig=" + kubeconfig,
	}
}

func pkiIn(dir state.Dir) func(file string) string {
	return func(file string) string { return dir.Path("pki", file) }
}

func componentKubeconfig(dir state.Dir, component string) string {
	return dir.Path("config", component+".kubeconfig")
}
