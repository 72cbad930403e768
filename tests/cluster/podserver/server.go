// Package podserver plays the kubelet towards the API server for the pods of simulated nodes: logs,
// exec, attach and port-forward. Everything else a kubelet is asked (metrics) goes on to kwok.
//
// exec runs commands on this machine, as the user of the lab, in a folder for each container. Who
// may ask is therefore only the API server, known by its client certificate.
package podserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"

	"kubectl-live/lab/plane"
	"kubectl-live/lab/process"
	"kubectl-live/lab/state"
)

// Streams without traffic are closed after idleTimeout, as a kubelet does.
const (
	idleTimeout    = 4 * time.Hour
	creationWindow = 30 * time.Second
)

// Options is what a server needs.
type Options struct {
	Dir     state.Dir
	Ports   plane.Ports
	Client  kubernetes.Interface
	Spawner *process.Spawner
}

// Server listens on the port that node objects give as their kubelet's.
type Server struct {
	Options
	listener net.Listener
}

// Listen opens the port.
func Listen(options Options) (*Server, error) {
	authority, err := os.ReadFile(options.Dir.Path("pki", "ca.crt"))
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(options.Dir.Path("pki", "server.crt"), options.Dir.Path("pki", "server.key"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	listener, err := tls.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", options.Ports.Kubelet), &tls.Config{
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    roots,
		// Streams are upgraded connections, which HTTP/2 does not have.
		NextProtos: []string{"http/1.1"},
		VerifyConnection: func(connection tls.ConnectionState) error {
			if name := connection.PeerCertificates[0].Subject.CommonName; name != plane.KubeletClient {
				return fmt.Errorf("%s may not talk to kubelets", name)
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return &Server{Options: options, listener: listener}, nil
}

// Serve answers until the context ends.
func (s *Server) Serve(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", s.logs)
	for _, target := range []string{"{namespace}/{pod}", "{namespace}/{pod}/{uid}"} {
		mux.HandleFunc("/exec/"+target+"/{container}", s.exec)
		mux.HandleFunc("/attach/"+target+"/{container}", s.attach)
		mux.HandleFunc("/portForward/"+target, s.portForward)
	}
	mux.Handle("/", s.kwok())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: creationWindow}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("the simulated kubelet: %w", err)
	}
	return nil
}

// kwok hands a request on. Its certificate is ours; the port is loopback.
func (s *Server) kwok() http.Handler {
	target := &url.URL{Scheme: "https", Host: fmt.Sprintf("127.0.0.1:%d", s.Ports.Kwok)}
	return &httputil.ReverseProxy{
		Rewrite:   func(request *httputil.ProxyRequest) { request.SetURL(target) },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
}

// podOf finds the pod a request is about; without one it answers as a kubelet would.
func (s *Server) podOf(response http.ResponseWriter, request *http.Request) (*corev1.Pod, bool) {
	namespace, name := request.PathValue("namespace"), request.PathValue("pod")
	pod, err := s.Client.CoreV1().Pods(namespace).Get(request.Context(), name, metav1.GetOptions{ResourceVersion: "0"})
	if apierrors.IsNotFound(err) {
		http.Error(response, fmt.Sprintf("pod %q not found in namespace %q", name, namespace), http.StatusNotFound)
		return nil, false
	}
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return nil, false
	}
	return pod, true
}

func (s *Server) exec(response http.ResponseWriter, request *http.Request) {
	pod, ok := s.podOf(response, request)
	if !ok {
		return
	}
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	container := request.PathValue("container")
	if state := stateOf(pod, container); state.Running == nil {
		http.Error(response, fmt.Sprintf("container not found (%q)", container), http.StatusInternalServerError)
		return
	}
	remotecommand.ServeExec(response, request, runner{s, pod}, pod.Name, string(pod.UID), container,
		request.URL.Query()["command"], options, idleTimeout, creationWindow, remotecommand.SupportedStreamingProtocols)
}

func (s *Server) attach(response http.ResponseWriter, request *http.Request) {
	pod, ok := s.podOf(response, request)
	if !ok {
		return
	}
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	remotecommand.ServeAttach(response, request, runner{s, pod}, pod.Name, string(pod.UID), request.PathValue("container"),
		options, idleTimeout, creationWindow, remotecommand.SupportedStreamingProtocols)
}

func (s *Server) portForward(response http.ResponseWriter, request *http.Request) {
	pod, ok := s.podOf(response, request)
	if !ok {
		return
	}
	options, err := portforward.NewV4Options(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(response, request, forwarder{pod}, pod.Name, string(pod.UID), options,
		idleTimeout, creationWindow, portforward.SupportedProtocols)
}
