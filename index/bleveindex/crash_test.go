package bleveindex_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
)

// Claims: after kill -9 with batches in flight the index opens again without a
// rebuild, at a sequence number that is not ahead of the store; what it misses is
// applied, and then it answers as one that was built at once.

// crashDir tells the process that is to be killed where to write.
const crashDir = "ALPHANODE_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := writeForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever writes random changes to a store while an index follows in small
// batches, two at a time.
func writeForever(dir string) error {
	store, err := corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{NoSync: true})
	if err != nil {
		return err
	}
	idx, err := bleveindex.Open(filepath.Join(dir, "search"), bleveindex.Identity{StoreID: store.ID()}, indextest.Options())
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	follower := index.NewFollower(store, idx, index.FollowOptions{BatchPosts: 7})
	go func() { failed <- follower.Run(context.Background()) }()
	fmt.Println("writing")
	for seed := store.Seq() + 1; ; seed++ {
		select {
		case err := <-failed:
			return err
		default:
		}
		if _, err := store.Apply(context.Background(), indextest.RandomChanges(seed, 30, 150)...); err != nil {
			return err
		}
	}
}

func TestKilledWhileIndexing(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // reproducible
	for round := range 4 {
		runAndKill(t, dir, time.Duration(50+r.IntN(400))*time.Millisecond)
		f := open(t, dir)
		at, err := f.idx.Seq(t.Context())
		if err != nil || at > f.store.Seq() {
			t.Fatalf("round %d: index is at %d, %v; store at %d", round, at, err, f.store.Seq())
		}
		if log := f.log.String(); log != "" {
			t.Errorf("round %d: %s", round, log)
		}
		t.Logf("round %d: index is at %d of %d", round, at, f.store.Seq())
		f.catchUp(t)
		f.verify(t)
		if err := f.idx.Check(t.Context()); err != nil {
			t.Error(err)
		}
		f.close(t)
	}
}

func runAndKill(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // ourselves
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the process to kill did not start: %v", err)
	}
	time.Sleep(after)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}
