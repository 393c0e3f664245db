package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"alphanode/index/curation"
)

// similarEdit is one change of what editors want among similar posts.
type similarEdit struct {
	*rootOptions
	remove, everywhere bool
}

func newSimilarPin(root *rootOptions) *cobra.Command {
	o := &similarEdit{rootOptions: root}
	cmd := &cobra.Command{
		Use:   "pin [flags] ID OTHER...",
		Short: "Put posts on top of the list of a post",
		Long: `Put posts on top of the list of a post, after those that are pinned already, in the
order given. With --remove take the pins away, all of them when no other is named.`,
		Example: `  alphanode similar pin --data ./data guides/timeouts guides/retries
  alphanode similar pin --data ./data --remove guides/timeouts`,
		Args: o.args,
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.edit(cmd.Context(), func(doc *curation.Similar) {
				p := entryOf(doc, args[0])
				p.Pin = o.changed(p.Pin, args[1:])
				p.Exclude = without(p.Exclude, p.Pin)
			})
		},
	}
	o.flags(cmd)
	return cmd
}

func newSimilarExclude(root *rootOptions) *cobra.Command {
	o := &similarEdit{rootOptions: root}
	cmd := &cobra.Command{
		Use:   "exclude [flags] ID OTHER... | exclude --everywhere OTHER...",
		Short: "Keep posts out of the list of a post, or of all lists",
		Long: `Keep posts out of the list of a post, or with --everywhere out of all lists. With
--remove let them in again, all of them when no other is named.`,
		Example: `  alphanode similar exclude --data ./data guides/timeouts news/2019-outage
  alphanode similar exclude --data ./data --everywhere about imprint`,
		Args: o.args,
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.edit(cmd.Context(), func(doc *curation.Similar) {
				if o.everywhere {
					doc.Exclude = o.changed(doc.Exclude, args)
					return
				}
				p := entryOf(doc, args[0])
				p.Exclude = o.changed(p.Exclude, args[1:])
				p.Pin = without(p.Pin, p.Exclude)
			})
		},
	}
	o.flags(cmd)
	cmd.Flags().BoolVar(&o.everywhere, "everywhere", false, "out of all lists")
	return cmd
}

func (o *similarEdit) flags(cmd *cobra.Command) {
	o.dataFlag(cmd)
	cmd.Flags().BoolVar(&o.remove, "remove", false, "take it back")
}

// args wants a post and others; only to remove all of them, no others.
func (o *similarEdit) args(cmd *cobra.Command, args []string) error {
	least := 2
	if o.remove {
		least--
	}
	if o.everywhere {
		least--
	}
	return exactArgs(cobra.MinimumNArgs(least))(cmd, args)
}

// changed is a list of ids with others added at its end, or removed.
func (o *similarEdit) changed(ids, others []string) []string {
	switch {
	case o.remove && len(others) == 0:
		return nil
	case o.remove:
		return without(ids, others)
	}
	for _, id := range others {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func without(ids, others []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(others, id) })
}

// entryOf is the entry of a post, a new one where there is none.
func entryOf(doc *curation.Similar, id string) *curation.SimilarPost {
	at := slices.IndexFunc(doc.Posts, func(p curation.SimilarPost) bool { return p.ID == id })
	if at < 0 {
		at = len(doc.Posts)
		doc.Posts = append(doc.Posts, curation.SimilarPost{ID: id})
	}
	return &doc.Posts[at]
}

// editTries is how often an edit is made anew because somebody else wrote meanwhile.
const editTries = 5

// edit reads the document, changes it and writes it back, and says what it means.
func (o *similarEdit) edit(ctx context.Context, change func(*curation.Similar)) error {
	return o.with(ctx, func(c *client) error {
		var err error
		for range editTries {
			var v curationVersion
			if v, err = c.editSimilar(ctx, change); err == nil {
				_, err = fmt.Fprintf(o.stdout, "%s version %d\n", v.Kind, v.Version)
				o.reportUnknown(v)
				return err
			}
			if !errors.Is(err, errVersionChanged) {
				return err
			}
		}
		return err
	})
}

// reportUnknown tells of ids that no public post has.
func (o *rootOptions) reportUnknown(v curationVersion) {
	if len(v.Unknown) > 0 {
		fmt.Fprintf(o.stderr, "kept, but there is no public post with the id: %s\n", strings.Join(v.Unknown, ", "))
	}
}

func (c *client) editSimilar(ctx context.Context, change func(*curation.Similar)) (v curationVersion, err error) {
	resp, err := c.do(ctx, http.MethodGet, "/v1/curation/"+curation.KindSimilar, nil, nil)
	if err != nil {
		return v, err
	}
	defer resp.Body.Close()
	version, err := strconv.ParseInt(strings.Trim(resp.Header.Get("ETag"), `"`), 10, 64)
	if err != nil {
		return v, fmt.Errorf("the version of the document: %w", err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return v, fmt.Errorf("read the document: %w", err)
	}
	doc, err := curation.ParseSimilar(data)
	if err != nil {
		return v, err
	}
	change(&doc)
	doc.Posts = slices.DeleteFunc(doc.Posts, func(p curation.SimilarPost) bool { return len(p.Pin)+len(p.Exclude) == 0 })
	slices.SortFunc(doc.Posts, func(a, b curation.SimilarPost) int { return cmp.Compare(a.ID, b.ID) })
	if data, err = json.Marshal(doc); err != nil {
		return v, fmt.Errorf("encode the document: %w", err)
	}
	return c.putCuration(ctx, curation.KindSimilar, data, version)
}
