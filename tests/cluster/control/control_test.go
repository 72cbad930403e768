package control

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// serve answers one request with a reply that names its operation.
func serve(t *testing.T, path string) {
	t.Helper()
	listener, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		var request Request
		if json.NewDecoder(connection).Decode(&request) == nil {
			_ = json.NewEncoder(connection).Encode(Reply{Components: []Status{{Name: request.Op}}})
		}
	}()
}

func TestCall(t *testing.T) {
	for title, path := range map[string]string{
		"short": filepath.Join(t.TempDir(), "s"),
		"long":  filepath.Join(t.TempDir(), strings.Repeat("deep", 40), "control.sock"),
	} {
		t.Run(title, func(t *testing.T) {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			serve(t, path)
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			reply, err := Call(path, Request{Op: "status"})
			if err != nil || len(reply.Components) != 1 || reply.Components[0].Name != "status" {
				t.Errorf("%+v, %v", reply, err)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	if _, err := Call(filepath.Join(t.TempDir(), "none"), Request{Op: "status"}); err == nil {
		t.Error("no error")
	}
}
