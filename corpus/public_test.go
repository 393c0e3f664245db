package corpus_test

// The claim: the review gate is this table and nothing else.

import (
	"testing"

	"alphanode/corpus"
)

func TestPublic(t *testing.T) {
	for _, tc := range []struct {
		status       corpus.Status
		plain, human bool // Public without and with needs_human_review.
	}{
		{"", true, false},
		{corpus.StatusDraft, false, false},
		{corpus.StatusPending, false, false},
		{corpus.StatusReviewed, true, true},
		{corpus.StatusPublished, true, true},
		{corpus.StatusRejected, false, false},
		{corpus.StatusArchived, false, false},
		{"unheard-of", false, false},
	} {
		for _, human := range []bool{false, true} {
			want := tc.plain
			if human {
				want = tc.human
			}
			p := corpus.Post{ID: "a", Revision: &corpus.Revision{Status: tc.status}, Flags: &corpus.Flags{NeedsHumanReview: human}}
			check(t, &p, corpus.PublishReviewed, want)
			check(t, &p, corpus.PublishAll, true)
			check(t, &p, corpus.Policy("unheard-of"), want)
		}
	}
	check(t, &corpus.Post{ID: "a"}, corpus.PublishReviewed, true)
	check(t, nil, corpus.PublishAll, false)
}

func check(t *testing.T, p *corpus.Post, policy corpus.Policy, want bool) {
	t.Helper()
	if got := corpus.Public(p, policy); got != want {
		t.Errorf("Public(%+v, %q) = %v, want %v", p, policy, got, want)
	}
}
