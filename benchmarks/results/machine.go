package results

import (
	"bufio"
	"context"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// ThisMachine describes the machine that the program runs on. What cannot be
// found out is "unknown" or 0.
func ThisMachine() Machine {
	return Machine{
		CPU:      field("/proc/cpuinfo", "model name", "unknown"),
		Cores:    runtime.NumCPU(),
		MemoryGB: memoryGB(),
		OS:       runtime.GOOS + "/" + runtime.GOARCH,
		Go:       runtime.Version(),
	}
}

// field gives the value of the first line "name : value" of a file.
func field(path, name, otherwise string) string {
	f, err := os.Open(path)
	if err != nil {
		return otherwise
	}
	defer f.Close() //nolint:errcheck // it was only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return otherwise
}

func memoryGB() float64 {
	kb, _, _ := strings.Cut(field("/proc/meminfo", "MemTotal", "0"), " ")
	n, err := strconv.ParseFloat(kb, 64)
	if err != nil {
		return 0
	}
	return math.Round(n / 1e6)
}

// ThisCommit gives the short id of the revision that is checked out in dir, with
// "-dirty" when files differ from it; "unknown" when git cannot tell.
func ThisCommit(ctx context.Context, dir string) string {
	git := exec.CommandContext(ctx, "git", "-C", dir, "describe", "--always", "--dirty", "--exclude=*")
	out, err := git.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
