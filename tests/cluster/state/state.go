// Package state knows where a lab keeps its files and whether it is running.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Dir is the state directory of one lab. Everything a lab writes is in it.
type Dir string

// Record is what a lab says about itself when it is ready: the line `lab up` prints.
type Record struct {
	Name       string         `json:"name"`
	State      string         `json:"state"`
	Kubeconfig string         `json:"kubeconfig"`
	Server     string         `json:"server"`
	Kubectl    string         `json:"kubectl"`
	Etcd       string         `json:"etcd"`
	Kubelet    string         `json:"kubelet"`
	PIDs       map[string]int `json:"pids"`
}

// Root is the folder of all labs that were not given a directory of their own.
func Root() (string, error) {
	if dir := os.Getenv("KUBECTL_LIVE_CACHE"); dir != "" {
		return filepath.Abs(filepath.Join(dir, "labs"))
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Abs(filepath.Join(dir, "kubectl-live", "labs"))
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no place for the lab's state: %w", err)
	}
	return filepath.Join(home, ".cache", "kubectl-live", "labs"), nil
}

// validName keeps a name usable as a folder, a context and part of a certificate's subject.
var validName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,50}[a-z0-9])?$`)

// Resolve gives the directory of a lab: dir when it is given, else the one of that name.
func Resolve(name, dir string) (Dir, error) {
	if !validName.MatchString(name) {
		return "", fmt.Errorf("%q cannot be the name of a lab: use lower case letters, digits, - and .", name)
	}
	if dir != "" {
		absolute, err := filepath.Abs(dir)
		return Dir(absolute), err
	}
	root, err := Root()
	if err != nil {
		return "", err
	}
	return Dir(filepath.Join(root, name)), nil
}

// Path joins parts to the directory.
func (d Dir) Path(parts ...string) string {
	return filepath.Join(append([]string{string(d)}, parts...)...)
}

// Kubeconfig is the administrator's.
func (d Dir) Kubeconfig() string { return d.Path("kubeconfig") }

// Socket is where the supervisor listens.
func (d Dir) Socket() string { return d.Path("control.sock") }

// Log is the file a component writes to.
func (d Dir) Log(component string) string { return d.Path("logs", component+".log") }

func (d Dir) recordFile() string { return d.Path("lab.json") }

// ErrForeign says that a directory holds something other than a lab.
var ErrForeign = errors.New("is not empty and not a lab's state directory")

// Prepare empties the directory of an earlier run and makes the folders of a new one. It must be
// called with the lock held. A folder with other people's files in it is left alone.
func (d Dir) Prepare() error {
	for _, part := range []string{"etcd", "pki", "config", "pods", "logs", "bin"} {
		if err := os.RemoveAll(d.Path(part)); err != nil {
			return err
		}
		if err := os.MkdirAll(d.Path(part), 0o700); err != nil {
			return err
		}
	}
	for _, file := range []string{d.recordFile(), d.Kubeconfig(), d.Socket()} {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Clean removes what only a running lab needs; the logs stay for whoever wants to know why.
func (d Dir) Clean() error {
	var problems []error
	for _, part := range []string{"etcd", "pki", "config", "pods", "bin", "lab.json", "kubeconfig", "control.sock"} {
		problems = append(problems, os.RemoveAll(d.Path(part)))
	}
	return errors.Join(problems...)
}

// Lock takes the directory for this process until it ends. Another process that holds it makes
// the result false: that lab is running. The kernel drops the lock of a process that was killed.
func (d Dir) Lock() (*os.File, bool, error) {
	if err := d.claim(); err != nil {
		return nil, false, err
	}
	file, err := os.OpenFile(d.Path("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	// Somebody who only asks whether the lab runs holds the lock for an instant too.
	for attempt := 0; ; attempt++ {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || attempt == 5 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, file.Close()
	}
	if err != nil {
		return nil, false, errors.Join(err, file.Close())
	}
	return file, true, nil
}

// claim makes the directory, or checks that the one that is there is ours to use.
func (d Dir) claim() error {
	entries, err := os.ReadDir(string(d))
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(string(d), 0o700)
	}
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.Chmod(string(d), 0o700)
	}
	if _, err := os.Stat(d.Path("lock")); err != nil {
		return fmt.Errorf("%s %w", d, ErrForeign)
	}
	return nil
}

// Running tells whether a supervisor holds the directory.
func (d Dir) Running() bool {
	file, err := os.Open(d.Path("lock"))
	if err != nil {
		return false
	}
	defer file.Close()
	return errors.Is(syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// Save writes the record.
func (d Dir) Save(record Record) error {
	data, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return os.WriteFile(d.recordFile(), append(data, '\n'), 0o600)
}

// Load reads the record of the lab in the directory.
func (d Dir) Load() (Record, error) {
	var record Record
	data, err := os.ReadFile(d.recordFile())
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(data, &record)
}
