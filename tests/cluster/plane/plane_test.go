package plane

import (
	"os"
	"slices"
	"strings"
	"testing"

	"kubectl-live/lab/state"
)

func TestEveryFileAComponentNamesIsWritten(t *testing.T) {
	dir := state.Dir(t.TempDir())
	if err := dir.Prepare(); err != nil {
		t.Fatal(err)
	}
	ports, err := NewPorts()
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteFiles(dir, "test", ports); err != nil {
		t.Fatal(err)
	}
	for _, component := range Control(dir, ports) {
		for _, argument := range component.Args {
			_, value, _ := strings.Cut(argument, "=")
			if !strings.HasPrefix(value, string(dir)) {
				continue
			}
			info, err := os.Stat(value)
			if err != nil {
				t.Errorf("%s %s: %v", component.Name, argument, err)
			} else if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is open to others", value)
			}
		}
	}
}

func TestComponentsNeedOnlyEarlierOnes(t *testing.T) {
	var seen []string
	for _, component := range Control("/dir", Ports{}) {
		for _, need := range component.Needs {
			if !slices.Contains(seen, need) {
				t.Errorf("%s needs %s, which is not started before it", component.Name, need)
			}
		}
		seen = append(seen, component.Name)
	}
}
