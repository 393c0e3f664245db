package corpus_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/synth"
)

// A card has what lists and the review gate need, as the whole record has it, and
// neither body nor payload; absent posts are absent.
func TestGetCards(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "posts.db"), &corpus.Options{NoSync: true})
	var ids []string
	for p, err := range synth.New(5, 40).Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		policy := corpus.PublishReviewed
		if len(ids)%3 == 0 {
			p.Revision, policy = &corpus.Revision{Status: corpus.StatusDraft}, corpus.PublishAll
		}
		if len(ids)%5 == 0 {
			p.Title = fmt.Sprintf("Escaped \"\\ \u2028 %d", len(ids))
		}
		ids = append(ids, p.ID)
		if _, err := s.Apply(t.Context(), corpus.Put(p, policy)); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := s.GetMany(t.Context(), append(ids, "absent"))
	if err != nil {
		t.Fatal(err)
	}
	cards, err := s.GetCards(t.Context(), append(ids, "absent"))
	if err != nil || len(cards) != len(ids) {
		t.Fatalf("%d cards of %d posts: %v", len(cards), len(ids), err)
	}
	for id, rec := range whole {
		card, p := cards[id], rec.Post
		if card.Post.Body != "" || card.Post.Payload != nil || corpus.Public(&card.Post, card.Publish) != corpus.Public(&p, rec.Publish) {
			t.Errorf("card of %s: %+v", id, card)
		}
		want := corpus.Record{Seq: rec.Seq, Publish: rec.Publish, Post: corpus.Post{
			ID: p.ID, URL: p.URL, Title: p.Title, Summary: p.Summary, Brief: p.Brief, Lang: p.Lang, PublishedAt: p.PublishedAt, UpdatedAt: p.UpdatedAt,
			Author: p.Author, Tags: p.Tags, Topic: p.Topic, Difficulty: p.Difficulty, Series: p.Series, ReadingTime: p.ReadingTime,
			Revision: p.Revision, Flags: p.Flags,
		}}
		if diff := cmp.Diff(want, card); diff != "" {
			t.Errorf("card of %s (-whole +card): %s", id, diff)
		}
	}
	n := 0
	for card, err := range s.Cards(t.Context()) {
		if n++; err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(cards[card.Post.ID], card); diff != "" {
			t.Errorf("card of %s (-asked for +in order): %s", card.Post.ID, diff)
		}
	}
	if n != len(ids) {
		t.Errorf("%d cards in order of %d posts", n, len(ids))
	}
}
