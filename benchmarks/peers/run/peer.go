package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// peer is one engine.
type peer struct {
	name, dir string
	indexOnly bool
	index     string // the folder of its index, within dir
	built     built
	// differs says of a kind that its hits are not those of the majority, or that it
	// is not answered.
	differs map[string]string

	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// built says what an index took. It is kept beside the index.
type built struct {
	Sum     string  `json:"sum"` // of the posts
	Posts   int     `json:"posts"`
	Seconds float64 `json:"seconds"` // from the start of the program to its end
	CPU     float64 `json:"cpu_seconds"`
	Memory  int64   `json:"memory_bytes"` // maximum resident set, mapped files included
	Disk    int64   `json:"disk_bytes"`
}

// prepare compiles the driver and builds the index.
func (p *peer) prepare(ctx context.Context, m *measurement) error {
	p.differs = make(map[string]string)
	base := filepath.Base(m.options.posts)
	p.index = filepath.Join("out", strings.TrimSuffix(base, filepath.Ext(base)))
	if _, err := p.make(ctx, "setup"); err != nil {
		return err
	}
	stamp := filepath.Join(p.dir, p.index+".json")
	if in(m.options.reuse, p.name) || m.options.reuse == "all" {
		data, err := os.ReadFile(stamp)
		if err == nil && json.Unmarshal(data, &p.built) == nil && p.built.Sum == m.sum {
			return nil
		}
	}
	if err := p.build(ctx, m); err != nil {
		return err
	}
	data, err := json.Marshal(p.built)
	if err != nil {
		return err
	}
	return os.WriteFile(stamp, append(data, '\n'), 0o600)
}

// build builds the index.
func (p *peer) build(ctx context.Context, m *measurement) error {
	posts, err := filepath.Abs(m.options.posts)
	if err != nil {
		return err
	}
	start := time.Now()
	state, err := p.make(ctx, "index", "POSTS="+m.tsv, "JSONL="+posts, "INDEX="+p.index)
	if err != nil {
		return err
	}
	p.built = built{Sum: m.sum, Posts: m.posts, Seconds: time.Since(start).Seconds(), CPU: (state.UserTime() + state.SystemTime()).Seconds()}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		p.built.Memory = usage.Maxrss * 1024
	}
	p.built.Disk, err = p.disk()
	return err
}

// disk is the size of the index; of the folder "search" alone where there is one:
// what stands beside it holds the posts themselves.
func (p *peer) disk() (total int64, err error) {
	folder := filepath.Join(p.dir, p.index)
	if search := filepath.Join(folder, "search"); isFolder(search) {
		folder = search
	}
	err = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// make runs a target to its end.
func (p *peer) make(ctx context.Context, args ...string) (*os.ProcessState, error) {
	command := exec.CommandContext(ctx, "make", append([]string{"--no-print-directory", "-s", "-C", p.dir}, args...)...)
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make %s: %w: %s", args[0], err, out)
	}
	return command.ProcessState, nil
}

// start starts the driver, on one core unless cpu is negative.
func (p *peer) start(ctx context.Context, cpu int) (err error) {
	args := []string{"make", "--no-print-directory", "-s", "-C", p.dir, "serve", "INDEX=" + p.index}
	if _, missing := exec.LookPath("taskset"); cpu >= 0 && missing == nil {
		args = append([]string{"taskset", "-c", strconv.Itoa(cpu)}, args...)
	}
	p.command = exec.CommandContext(ctx, args[0], args[1:]...)
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = bufio.NewReaderSize(out, 1<<16)
	return p.command.Start()
}

// stop ends the driver by ending its input.
func (p *peer) stop() error {
	if p.command == nil {
		return nil
	}
	err := errors.Join(p.in.Close(), p.command.Wait())
	p.command = nil
	return err
}

// errUnsupported is the answer to what an engine cannot do.
var errUnsupported = errors.New("unsupported")

// ask sends one line and reads one: how long the engine took by its own clock, and
// the answer.
func (p *peer) ask(line string) (took time.Duration, answer string, err error) {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return 0, "", fmt.Errorf("%s: %w", p.name, err)
	}
	answer, err = p.out.ReadString('\n')
	if err != nil {
		return 0, "", fmt.Errorf("%s: %q: %w", p.name, line, err)
	}
	answer = strings.TrimSuffix(answer, "\n")
	if answer == "UNSUPPORTED" {
		return 0, "", errUnsupported
	}
	if reason, bad := strings.CutPrefix(answer, "ERROR "); bad {
		return 0, "", fmt.Errorf("%s: %q: %s", p.name, line, reason)
	}
	nanoseconds, answer, _ := strings.Cut(answer, "\t")
	n, err := strconv.ParseInt(nanoseconds, 10, 64)
	if err != nil {
		return 0, "", fmt.Errorf("%s: %q: time of the answer: %w", p.name, line, err)
	}
	return time.Duration(n), answer, nil
}

// similar asks for the posts like a sample of posts: how many a second.
func (p *peer) similar(ctx context.Context, posts string, sample int) (float64, error) {
	command := exec.CommandContext(ctx, "make", "--no-print-directory", "-s", "-C", p.dir, "similar",
		"POSTS="+posts, "INDEX="+p.index, "SAMPLE="+strconv.Itoa(sample))
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: similar posts: %w", p.name, err)
	}
	var n, seconds float64
	if _, err := fmt.Sscanf(string(out), "%f\t%f", &n, &seconds); err != nil || seconds <= 0 {
		return 0, fmt.Errorf("%s: similar posts: answer %q: %w", p.name, out, err)
	}
	return n / seconds, nil
}
