package state

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestResolve(t *testing.T) {
	t.Setenv("KUBECTL_LIVE_CACHE", "/cache")
	for name, wanted := range map[string]Dir{"default": "/cache/labs/default", "a-1.b": "/cache/labs/a-1.b"} {
		if dir, err := Resolve(name, ""); err != nil || dir != wanted {
			t.Errorf("%s: %s, %v", name, dir, err)
		}
	}
	for _, name := range []string{"", "../up", "a/b", "Upper", "-x"} {
		if dir, err := Resolve(name, ""); err == nil {
			t.Errorf("%q became %s", name, dir)
		}
	}
	if dir, err := Resolve("default", "/elsewhere"); err != nil || dir != "/elsewhere" {
		t.Errorf("--state: %s, %v", dir, err)
	}
}

func TestLockIsExclusive(t *testing.T) {
	dir := Dir(filepath.Join(t.TempDir(), "lab"))
	if dir.Running() {
		t.Error("runs before it exists")
	}
	lock, free, err := dir.Lock()
	if err != nil || !free {
		t.Fatalf("first lock: %v, %v", free, err)
	}
	if !dir.Running() {
		t.Error("does not run while it is locked")
	}
	if _, free, err := dir.Lock(); free || err != nil {
		t.Errorf("second lock: %v, %v", free, err)
	}
	lock.Close()
	if dir.Running() {
		t.Error("runs after the lock is gone")
	}
}

func TestForeignFolderIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	precious := filepath.Join(folder, "thesis.txt")
	if err := os.WriteFile(precious, []byte("years"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Dir(folder).Lock(); !errors.Is(err, ErrForeign) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestRecordSurvives(t *testing.T) {
	dir := Dir(t.TempDir())
	wanted := Record{Name: "x", Server: "https://127.0.0.1:1", PIDs: map[string]int{"etcd": 7}}
	if err := dir.Save(wanted); err != nil {
		t.Fatal(err)
	}
	got, err := dir.Load()
	if err != nil || got.Name != wanted.Name || got.PIDs["etcd"] != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}
