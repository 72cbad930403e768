// Package control is what `lab` commands and the supervisor of a running lab say to each other:
// one JSON request and one JSON reply for each connection on a Unix socket only the user can open.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
)

// Request asks for one thing.
type Request struct {
	// Op is one of status, down, stop, start, pause, resume, hold, roll.
	Op string `json:"op"`
	// Components are what it is about; status and down take none.
	Components []string `json:"components,omitempty"`
}

// Reply answers it. An empty Error means that it was done.
type Reply struct {
	Error      string   `json:"error,omitempty"`
	Components []Status `json:"components,omitempty"`
}

// Status is one component as the supervisor sees it.
type Status struct {
	Name string `json:"name"`
	PID  int    `json:"pid"`
	// State is running, paused, stopped (by request) or dead (by itself; see Detail and Log).
	State  string `json:"state"`
	Port   int    `json:"port"`
	Detail string `json:"detail,omitempty"`
	Log    string `json:"log"`
}

// maxSocketPath is what fits into sockaddr_un with its closing zero.
const maxSocketPath = 107

// address gives a path that is short enough for a socket. A long one goes through the open
// directory, which Linux lets a process name by its descriptor.
func address(path string) (string, io.Closer, error) {
	if len(path) <= maxSocketPath {
		return path, io.NopCloser(nil), nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), dir, nil
}

// Listen opens the socket for its owner only.
func Listen(path string) (net.Listener, error) {
	name, dir, err := address(path)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	listener, err := net.Listen("unix", name)
	if err != nil {
		return nil, err
	}
	// The name may be one that is valid only now; the supervisor removes the file itself.
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	return listener, os.Chmod(path, 0o600)
}

// Call sends a request and waits for the reply, however long it takes.
func Call(path string, request Request) (Reply, error) {
	connection, reply, err := Hold(path, request)
	if err != nil {
		return reply, err
	}
	return reply, connection.Close()
}

// Hold is Call, but leaves the connection open: the supervisor undoes a hold when it closes.
func Hold(path string, request Request) (io.Closer, Reply, error) {
	var reply Reply
	name, dir, err := address(path)
	if err != nil {
		return nil, reply, err
	}
	defer dir.Close()
	connection, err := net.Dial("unix", name)
	if err != nil {
		return nil, reply, fmt.Errorf("the lab does not answer: %w", err)
	}
	err = json.NewEncoder(connection).Encode(request)
	if err == nil {
		err = json.NewDecoder(connection).Decode(&reply)
	}
	if err == nil && reply.Error != "" {
		err = errors.New(reply.Error)
	}
	if err != nil {
		return nil, reply, errors.Join(err, connection.Close())
	}
	return connection, reply, nil
}
