package corpus_test

// The claims:
//  1. A process killed in the middle of Apply loses nothing that was acknowledged, writes no
//     batch by half, and leaves a store that Check finds clean.
//  2. It leaves no stale lock.

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
)

// crashDir names, in the child process, the directory to write to.
const crashDir = "CORPUS_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := crashChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// crashBatch is how many posts one Apply of the child writes.
const crashBatch = 20

// crashPost is post i of batch b of writer w.
func crashPost(w, b, i int) corpus.Post {
	p := benchPost(i)
	p.ID = fmt.Sprintf("%d/%06d/%02d", w, b, i)
	return p
}

// crashChild applies batches by several writers until it is killed, and prints each
// one that is acknowledged.
func crashChild(dir string) error {
	if _, err := corpus.LockDir(dir, corpus.LockInfo{}); err != nil {
		return err
	}
	s, err := corpus.Open(filepath.Join(dir, "posts.db"), nil)
	if err != nil {
		return err
	}
	first := s.Len() // Never the number of a batch that is there.
	var wg sync.WaitGroup
	errs := make(chan error, 3)
	for w := range 3 {
		wg.Go(func() {
			for b := first; ; b++ {
				if err := crashApply(s, w, b); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	return <-errs
}

func crashApply(s *corpus.Store, w, b int) error {
	var list []corpus.Change
	for i := range crashBatch {
		list = append(list, corpus.Put(crashPost(w, b, i), corpus.PublishReviewed))
	}
	// Moving a post of the batch before makes the log delete as well.
	moved := crashPost(w, max(b-1, 0), 0)
	moved.Summary = "moved"
	a, err := s.Apply(context.Background(), append(list, corpus.Put(moved, corpus.PublishReviewed))...)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%d %d %d\n", w, b, a.Seq)
	return err
}

func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	acked := map[[2]int]bool{}
	for round := range 5 {
		crashRound(t, dir, time.Duration(100+70*round)*time.Millisecond, acked)
		l, err := corpus.LockDir(dir, corpus.LockInfo{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		s, err := corpus.Open(filepath.Join(dir, "posts.db"), nil)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		crashVerify(t, s, acked)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(acked) < 5 {
		t.Errorf("only %d batches were acknowledged; the test shows nothing", len(acked))
	}
	t.Logf("%d batches acknowledged", len(acked))
}

// crashRound runs a child, kills it after some time of writing and notes what it
// had acknowledged.
func crashRound(t *testing.T, dir string, after time.Duration, acked map[[2]int]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var kill *time.Timer
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var w, b int
		var seq uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%d %d %d", &w, &b, &seq); n == 3 {
			acked[[2]int{w, b}] = true
		}
		if kill == nil { // It writes now.
			kill = time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || kill == nil {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// crashVerify checks that every batch is there whole or not at all, and the
// acknowledged ones whole.
func crashVerify(t *testing.T, s *corpus.Store, acked map[[2]int]bool) {
	t.Helper()
	found := map[[2]int]int{}
	for p, err := range s.Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var w, b, i int
		if _, err := fmt.Sscanf(p.ID, "%d/%d/%d", &w, &b, &i); err != nil {
			t.Fatalf("id %q: %v", p.ID, err)
		}
		if p.Body != crashPost(w, b, i).Body {
			t.Errorf("%q is not the post that was written", p.ID)
		}
		found[[2]int{w, b}]++
	}
	for batch, n := range found {
		// The batch before the first of a child may be there by its moved post alone.
		if n != crashBatch && n != 1 || n == 1 && acked[batch] {
			t.Errorf("batch %v has %d of %d posts", batch, n, crashBatch)
		}
	}
	for batch := range acked {
		if found[batch] != crashBatch {
			t.Errorf("the acknowledged batch %v has %d of %d posts", batch, found[batch], crashBatch)
		}
	}
}
