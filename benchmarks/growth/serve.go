package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// process is a server at work, whose memory is watched.
type process struct {
	cmd  *exec.Cmd
	peak atomic.Int64 // of anonymous memory, in bytes
	done chan struct{}
	wait sync.WaitGroup
}

func serve(ctx context.Context, o *options, dir string) (*process, error) {
	args := append([]string{"serve", "--data", dir, "--addr", o.addr}, strings.Fields(o.flags)...)
	p := &process{cmd: exec.CommandContext(ctx, o.bin, args...), done: make(chan struct{})} //nolint:gosec // the flags are the caller's
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", o.bin, err)
	}
	p.wait.Go(p.watch)
	return p, nil
}

// watch keeps the most anonymous memory that was seen.
func (p *process) watch() {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
			p.peak.Store(max(p.peak.Load(), p.anonymous()))
		}
	}
}

// anonymous is the resident memory that no file stands behind, in bytes; 0 when that cannot be read.
func (p *process) anonymous() int64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	defer f.Close() //nolint:errcheck // only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "RssAnon:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

func (p *process) stop() error {
	close(p.done)
	p.wait.Wait()
	err := errors.Join(p.cmd.Process.Signal(syscall.SIGTERM), p.cmd.Wait())
	if err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}
