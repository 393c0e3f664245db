package curation

import "slices"

// Similar says what an editor wants among the similar posts of a post, or not.
type Similar struct {
	Posts []SimilarPost `json:"similar"`
	// Exclude are shown in no list.
	Exclude []string `json:"exclude,omitempty"`
}

// IDs are all ids that the document names, sorted, each once.
func (s Similar) IDs() []string {
	ids := slices.Clone(s.Exclude)
	for _, p := range s.Posts {
		ids = append(append(append(ids, p.ID), p.Pin...), p.Exclude...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// SimilarPost is what is laid down for one post.
type SimilarPost struct {
	ID string `json:"id"`
	// Pin come first, in this order.
	Pin []string `json:"pin,omitempty"`
	// Exclude are never shown.
	Exclude []string `json:"exclude,omitempty"`
}

const (
	maxSimilarPosts = 20_000
	maxSimilarPins  = 50
	maxExcluded     = 1000   // from one list
	maxExcludedAll  = 20_000 // from all lists
)

// ParseSimilar reads a document of similar posts, JSON or YAML. The error is an *Error.
func ParseSimilar(data []byte) (Similar, error) {
	t, err := parseTree(data)
	if err != nil {
		return Similar{}, err
	}
	r, out := &reader{}, Similar{Posts: []SimilarPost{}}
	seen := map[string]bool{}
	if r.object(t, "", "similar", "exclude") {
		out.Exclude = r.ids(t.member("exclude"), "exclude", maxExcludedAll)
		r.each(t.member("similar"), "similar", maxSimilarPosts, func(t *tree, path string) {
			post := r.similarPost(t, path)
			if seen[post.ID] {
				r.fail(t, join(path, "id"), "%q has an entry already", post.ID)
			}
			seen[post.ID] = true
			out.Posts = append(out.Posts, post)
		})
	}
	return result(r, out)
}

func (r *reader) similarPost(t *tree, path string) SimilarPost {
	var out SimilarPost
	if !r.object(t, path, "id", "pin", "exclude") {
		return out
	}
	out.ID = r.id(t, path)
	out.Pin = r.ids(t.member("pin"), join(path, "pin"), maxSimilarPins)
	out.Exclude = r.ids(t.member("exclude"), join(path, "exclude"), maxExcluded)
	for _, id := range out.Pin {
		if id == out.ID || slices.Contains(out.Exclude, id) {
			r.fail(t, join(path, "pin"), "%q is the post itself, or excluded", id)
		}
	}
	return out
}
