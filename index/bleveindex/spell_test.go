package bleveindex_test

// Claims about spelling, in both forms:
//  1. Words one mistake away from a frequent one, two for longer words, are corrected, also in
//     the first letter, and words without the space between; the likelier correction is first.
//  2. Words that posts have, identifiers, numbers and nonsense are left alone.

import (
	"strings"
	"testing"

	"alphanode/corpus"
)

func spellingPosts() []corpus.Post {
	var posts []corpus.Post
	words := map[string]int{"kubernetes": 20, "javascript": 15, "closure": 12, "clojure": 2, "javscript": 1, "kafka": 9, "kakfa": 3, "data": 30, "base": 12, "date": 6, "naïve": 8, "тесты": 7, "go": 40}
	for word, n := range words {
		for i := range n {
			posts = append(posts, corpus.Post{ID: word + strings.Repeat("x", i), Body: "About " + word + " here."})
		}
	}
	return posts
}

func TestSpelling(t *testing.T) {
	for form, idx := range bothForms(t, spellingPosts()...) {
		for word, want := range map[string]string{
			"kuberntes":         "kubernetes",
			"ubernetes":         "kubernetes",
			"cubernetes":        "kubernetes",
			"kkubernetes":       "kubernetes",
			"ukbernetes":        "kubernetes",
			"javscript":         "javascript", // Written so in one post.
			"closurre":          "closure",
			"clozure":           "closure",
			"kafak":             "kafka",
			"akfka":             "kafka",
			"afka":              "kafka",
			"dat":               "data",
			"javascriptclosure": "javascript closure",
			"naive":             "", "kuebr": "", "javsacr": "javascript", "kubbern": "kubernetes", "kubernets": "", "тест": "тесты",
			"kubernetes": "", "data": "", "zzzzzz": "", "http2": "", "x_y_z": "", "1234": "", "go": "", "": "", "kakfa": "", // Three posts have it.
			"two words": "", "😀": "", "qq": "",
		} {
			got, err := idx.Spell(t.Context(), word, 3)
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			if len(got) > 0 {
				first = got[0].Text
			}
			if first != want || len(got) > 3 {
				t.Errorf("%s: %q: %v, want %q first", form, word, got, want)
			}
		}
	}
}
