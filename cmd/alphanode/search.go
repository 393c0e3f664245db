package main

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"alphanode/index"
	"alphanode/index/query"
)

// searchAnswer is what the verb shows of the body of /v1/search.
type searchAnswer struct {
	Total int `json:"total"`
	Hits  []struct {
		ID      string             `json:"id"`
		URL     string             `json:"url"`
		Title   string             `json:"title"`
		Score   float64            `json:"score"`
		Snippet string             `json:"snippet"`
		Explain *index.Explanation `json:"explain"`
	} `json:"hits"`
	DidYouMean *struct {
		Query string `json:"query"`
		Total int    `json:"total"`
	} `json:"did_you_mean"`
	TookMS float64 `json:"took_ms"`
}

func newSearchCommand(o *rootOptions) *cobra.Command {
	var asJSON, explain bool
	var filter, sort string
	var limit int
	cmd := &cobra.Command{
		Use:   "search [flags] QUERY...",
		Short: "Search the posts",
		Long: "Search the posts of a data directory, or list all, newest first, without a query.\n\n" +
			query.Help(),
		Example: `  alphanode search 'memory safety'
  alphanode search 'tag:go generics'
  alphanode search --filter 'tag:(go, rust) AND year:2022..2024' --explain '"garbage collector" -java'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			values := url.Values{"q": {strings.Join(args, " ")}, "per_page": {strconv.Itoa(limit)}, "highlight": {"true"}}
			setIf(values, "filter", filter)
			setIf(values, "sort", sort)
			if explain {
				values.Set("explain", "true")
			}
			return o.with(cmd.Context(), func(c *client) error {
				var answer searchAnswer
				raw, err := c.get(cmd.Context(), "/v1/search", values, &answer)
				if err != nil {
					return err
				}
				if asJSON {
					_, err := fmt.Fprintf(o.stdout, "%s\n", raw)
					return err
				}
				return answer.print(o.stdout)
			})
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the body of /v1/search")
	cmd.Flags().BoolVar(&explain, "explain", false, "show where each score comes from")
	cmd.Flags().StringVar(&filter, "filter", "", "strict filter, for instance 'tag:go AND year:2023..'")
	cmd.Flags().StringVar(&sort, "sort", "", "field or -field; relevance when empty")
	cmd.Flags().IntVar(&limit, "limit", 10, "hits shown, at most 100")
	return cmd
}

func setIf(values url.Values, key, value string) {
	if value != "" {
		values.Set(key, value)
	}
}

// print writes the hits for a person.
func (a *searchAnswer) print(w io.Writer) error {
	fmt.Fprintf(w, "%d posts in %.1f ms\n", a.Total, a.TookMS)
	if m := a.DidYouMean; m != nil {
		fmt.Fprintf(w, "Did you mean %q? (%d posts)\n", m.Query, m.Total)
	}
	for i, h := range a.Hits {
		fmt.Fprintf(w, "\n%2d. %s  (%.3f)\n    %s\n", i+1, h.Title, h.Score, cmp.Or(h.URL, h.ID))
		if text := plainSnippet(h.Snippet); text != "" {
			fmt.Fprintf(w, "    %s\n", text)
		}
		printExplanation(w, h.Explain, 2)
	}
	return nil
}

// plainSnippet turns an HTML-safe snippet into text for a terminal.
func plainSnippet(s string) string {
	s = strings.NewReplacer("<mark>", "", "</mark>", "", "\n", " ").Replace(s)
	return html.UnescapeString(s)
}

// printExplanation writes the tree, a node a line, indented by depth.
func printExplanation(w io.Writer, e *index.Explanation, depth int) {
	if e == nil {
		return
	}
	fmt.Fprintf(w, "%s%.5f  %s", strings.Repeat("  ", depth), e.Value, e.Name)
	if e.Op != index.Leaf {
		fmt.Fprintf(w, " (%s of)", e.Op)
	}
	fmt.Fprintln(w)
	for _, child := range e.Children {
		printExplanation(w, child, depth+1)
	}
}
