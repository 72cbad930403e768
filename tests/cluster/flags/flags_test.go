package flags

import (
	"strings"
	"testing"
)

func TestEveryCommandKnowsWhichLab(t *testing.T) {
	t.Setenv("KUBECTL_LIVE_CACHE", "/cache")
	for arguments, wanted := range map[string]string{
		"":                           "/cache/labs/default",
		"--name other":               "/cache/labs/other",
		"--state /tmp/x":             "/tmp/x",
		"--name other --state=/tmp/": "/tmp",
	} {
		set := New("test")
		if err := set.ParseAll(strings.Fields(arguments)); err != nil {
			t.Errorf("%q: %v", arguments, err)
		}
		if dir, err := set.Dir(); err != nil || string(dir) != wanted {
			t.Errorf("%q: %s, %v", arguments, dir, err)
		}
	}
}

func TestMistakesAreRefused(t *testing.T) {
	for _, arguments := range []string{"name other", "--nmae other", "--rate fast"} {
		set := New("test")
		set.Float64("rate", 1, "")
		if err := set.ParseAll(strings.Fields(arguments)); err == nil {
			t.Errorf("%q was taken", arguments)
		}
	}
}

func TestComponentsMayFollow(t *testing.T) {
	set := New("stop")
	if err := set.Parse([]string{"kwok", "--name", "other", "etcd"}); err != nil {
		t.Fatal(err)
	}
	if set.Lab != "other" || set.NArg() != 2 || set.Arg(1) != "etcd" {
		t.Errorf("lab %s, arguments %v", set.Lab, set.Args())
	}
}

func TestALabThatDoesNotRunIsNamed(t *testing.T) {
	t.Setenv("KUBECTL_LIVE_CACHE", t.TempDir())
	set := New("status")
	if err := set.ParseAll([]string{"--name", "gone"}); err != nil {
		t.Fatal(err)
	}
	if _, err := set.Running(); err == nil || !strings.Contains(err.Error(), "lab up --name gone") {
		t.Errorf("got %v", err)
	}
}
