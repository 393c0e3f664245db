package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

// checkAnswer is the body of /v1/admin/check.
type checkAnswer struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`
	Posts    int      `json:"posts"`
	StoreSeq uint64   `json:"store_seq"`
}

func newCheckCommand(o *rootOptions) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check that what is stored is whole, and that the index agrees",
		Long: `Read every record of posts.db, recompute its hash, compare every bucket with
every other, and compare what is derived with the store. Exit 1 when anything is
wrong; each finding names its place.`,
		Example: `  alphanode check --data ./data`,
		Args:    exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.with(cmd.Context(), func(c *client) error { return o.check(cmd.Context(), c, asJSON) })
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func (o *rootOptions) check(ctx context.Context, c *client, asJSON bool) error {
	resp, err := c.do(ctx, http.MethodPost, "/v1/admin/check", nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer checkAnswer
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("read the answer of check: %w", err)
	}
	if asJSON {
		err = json.NewEncoder(o.stdout).Encode(answer)
	} else {
		answer.print(o)
	}
	if err == nil && !answer.OK {
		return &exitError{code: exitFailed}
	}
	return err
}

func (a *checkAnswer) print(o *rootOptions) {
	for _, p := range a.Problems {
		fmt.Fprintln(o.stdout, p)
	}
	if a.OK {
		fmt.Fprintf(o.stdout, "ok: %d posts, change %d\n", a.Posts, a.StoreSeq)
	}
}

func newReindexCommand(o *rootOptions) *cobra.Command {
	var mode string
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Rebuild the search index from the store",
		Long: `Throw the search index away and build it again from posts.db. Searches are
answered meanwhile from what has been indexed so far.`,
		Example: `  alphanode reindex --data ./data`,
		Args:    exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			show, err := newProgress(mode, o.stderr, o.now)
			if err != nil {
				return err
			}
			return o.with(cmd.Context(), func(c *client) error { return o.reindex(cmd.Context(), c, show) })
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().StringVar(&mode, "progress", "auto", "auto, json or none")
	return cmd
}

// reindexLine is one line of the answer of /v1/admin/reindex.
type reindexLine struct {
	Progress *struct {
		Done  int64 `json:"done"`
		Total int64 `json:"total"`
	} `json:"progress"`
	Reindexed *struct {
		Posts   int     `json:"posts"`
		Seconds float64 `json:"seconds"`
	} `json:"reindexed"`
	Error *problem `json:"error"`
}

func (o *rootOptions) reindex(ctx context.Context, c *client, show progress) error {
	resp, err := c.do(ctx, http.MethodPost, "/v1/admin/reindex", nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	defer show.Done()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		var line reindexLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("read the answer of reindex: %w", err)
		}
		switch {
		case line.Error != nil:
			return fmt.Errorf("reindex: %s: %s", line.Error.Title, line.Error.Detail)
		case line.Progress != nil:
			show.Report("reindex", line.Progress.Done, line.Progress.Total)
		case line.Reindexed != nil:
			show.Done()
			fmt.Fprintf(o.stdout, "%d posts indexed in %.1f s\n", line.Reindexed.Posts, line.Reindexed.Seconds)
		}
	}
	return lines.Err()
}
