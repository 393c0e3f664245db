package main

// Claims: every verb does what its help says, as a person at a shell sees it:
// answers on stdout, logs on stderr, exit codes 0, 1, 2 and 3. One script a
// subject in testdata/script.

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// pollInterval is how often waitfor looks.
const pollInterval = 5 * time.Millisecond

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"alphanode": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exitcode": exitCode, "waitfor": waitFor},
	})
}

// exitCode runs a program and checks its exit code: exitcode N alphanode ARG...
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := asExit(err); ok {
		got = exit
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func asExit(err error) (int, bool) {
	exit, ok := err.(*exec.ExitError) //nolint:errorlint // testscript returns it unwrapped.
	if !ok {
		return 0, false
	}
	return exit.ExitCode(), true
}

// waitFor waits until a file exists: waitfor FILE.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	for range 2000 {
		if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
			return
		}
		if err := pause(context.Background(), pollInterval); err != nil {
			ts.Fatalf("%v", err)
		}
	}
	ts.Fatalf("%s", fmt.Sprintf("%s did not appear", args[0]))
}
