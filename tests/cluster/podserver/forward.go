package podserver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// forwarder answers forwarded connections with a small web server of the pod's own.
type forwarder struct {
	pod *corev1.Pod
}

// PortForward serves one connection. A port no container declares refuses it, as nobody listens.
func (f forwarder) PortForward(ctx context.Context, _, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	if !f.declares(port) {
		return fmt.Errorf("failed to connect to localhost:%d inside pod %s: connect: connection refused", port, f.pod.Name)
	}
	near, far := net.Pipe()
	server := &http.Server{Handler: f.site(port)}
	go server.Serve(&single{connection: far, closed: make(chan struct{})})
	defer server.Close()
	stop := context.AfterFunc(ctx, func() { near.Close() })
	defer stop()

	go func() {
		_, _ = io.Copy(near, stream)
		near.Close()
	}()
	_, _ = io.Copy(stream, near)
	return nil
}

func (f forwarder) declares(port int32) bool {
	return slices.ContainsFunc(f.pod.Spec.Containers, func(container corev1.Container) bool {
		return slices.ContainsFunc(container.Ports, func(declared corev1.ContainerPort) bool {
			return declared.ContainerPort == port
		})
	})
}

// site is what the pod serves: / says who it is, /echo gives back what it is sent, /bytes?n= gives
// that many bytes.
func (f forwarder) site(port int32) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(response).Encode(map[string]any{
			"pod": f.pod.Name, "namespace": f.pod.Namespace, "port": port, "path": request.URL.Path,
		})
	})
	mux.HandleFunc("/echo", func(response http.ResponseWriter, request *http.Request) {
		_, _ = io.Copy(response, request.Body)
	})
	mux.HandleFunc("/bytes", func(response http.ResponseWriter, request *http.Request) {
		count, err := strconv.ParseInt(request.URL.Query().Get("n"), 10, 64)
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.CopyN(response, zeros{}, count)
	})
	return mux
}

// zeros is an endless file of zero bytes.
type zeros struct{}

func (zeros) Read(buffer []byte) (int, error) {
	clear(buffer)
	return len(buffer), nil
}

// single is a listener that accepts one connection.
type single struct {
	connection net.Conn
	once       sync.Once
	closed     chan struct{}
}

func (s *single) Accept() (net.Conn, error) {
	var first net.Conn
	s.once.Do(func() { first = s.connection })
	if first != nil {
		return first, nil
	}
	<-s.closed
	return nil, net.ErrClosed
}

func (s *single) Close() error {
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return nil
}

func (s *single) Addr() net.Addr { return s.connection.LocalAddr() }
