package ranking

// Similar holds the weights of what makes two posts similar, A the post asked
// about, B the candidate. Every part is 0..1 before its weight; the score is the
// weighted mean, so only proportions matter. docs/ranking.md has the formulas and
// what each part was measured to bring.
type Similar struct {
	// Alpha is the share of the text, 0..1; the rest belongs to the entities.
	Alpha    float64         `json:"alpha"`
	Text     TextWeights     `json:"text"`
	Entities EntityWeights   `json:"entities"`
	Analysis SimilarAnalysis `json:"analysis"`
	Search   SimilarSearch   `json:"search"`
}

// TextWeights are the weights within the text.
type TextWeights struct {
	// Prose is the cosine of title and prose.
	Prose float64 `json:"prose"`
	// Bigrams is the cosine of pairs of neighbouring words.
	Bigrams float64 `json:"bigrams"`
	// Lead is the cosine of title and first words. Default 0: it was measured to
	// bring nothing beside the others, and its vectors are not made then.
	Lead float64 `json:"lead"`
	// Identifiers is the cosine of identifiers, in prose and in code.
	Identifiers float64 `json:"identifiers"`
	// Summary is the cosine of the summaries.
	Summary float64 `json:"summary"`
	// TitleCovered is how far B's text covers A's title.
	TitleCovered float64 `json:"title_covered"`
	// TitleCovers is how far A's text covers B's title.
	TitleCovers float64 `json:"title_covers"`
	// Names is for A's text naming B by its title, NamedBy the reverse.
	Names   float64 `json:"names"`
	NamedBy float64 `json:"named_by"`
}

// EntityWeights are the weights within the entities.
type EntityWeights struct {
	// Tags is the cosine of the tags, scaled by the rarest tag of A.
	Tags float64 `json:"tags"`
	// Folder is for sharing a folder of the url.
	Folder float64 `json:"folder"`
	// Entities is the cosine of entities: those given, stack, tools, topic, and
	// those found in the text.
	Entities float64 `json:"entities"`
	// Series is for being parts of one series.
	Series float64 `json:"series"`
	// Links is for A linking to B, LinkedBy for the reverse.
	Links    float64 `json:"links"`
	LinkedBy float64 `json:"linked_by"`
	// Targets is the cosine of the addresses linked to.
	Targets float64 `json:"targets"`
	// Dates is for being published at about the same time.
	Dates float64 `json:"dates"`
}

// SimilarAnalysis says how texts become vectors.
type SimilarAnalysis struct {
	// TitleWeight is how many times a word of the title counts. Default 4.
	TitleWeight int `json:"title_weight"`
	// LeadWords is the length of the lead. Default 80.
	LeadWords int `json:"lead_words"`
	// HeadingWeight is how many times a word of a heading counts. Default 1.
	HeadingWeight int `json:"heading_weight"`
	// MaxPairs bounds the word pairs of a post, those of greatest weight kept.
	// Default 32.
	MaxPairs int `json:"max_pairs"`
	// MaxWords bounds the words of a post that are looked at, in prose and again in
	// code. Default 20000.
	MaxWords int `json:"max_words"`
}

// SimilarSearch bounds the work for one post, whatever the number of posts.
type SimilarSearch struct {
	// ExactPosts is the number of posts up to which all pairs are compared exactly.
	// Default 0: never.
	ExactPosts int `json:"exact_posts"`
	// Postings is how many postings of a post's features are walked to find its
	// candidates, at most, whatever the number of posts: as many as tell near posts apart,
	// often far fewer. A feature takes a fortieth of the number of posts at most.
	// Default 200000.
	Postings int `json:"postings"`
	// Candidates is how many posts are scored in full, at most: those with most in common
	// in these features, until more of them change nothing. Default 150.
	Candidates int `json:"candidates"`
}

func defaultSimilar() Similar {
	return Similar{
		Alpha: 0.54,
		Text: TextWeights{
			Prose: 1, Bigrams: 0.28, Identifiers: 0.14, Summary: 0.10,
			TitleCovered: 0.30, TitleCovers: 0.20, Names: 0.20, NamedBy: 0.20,
		},
		Entities: EntityWeights{Tags: 0.40, Folder: 0.40, Entities: 0.15, Series: 0.20, Links: 0.30, LinkedBy: 0.30, Targets: 0.10, Dates: 0.20},
		Analysis: SimilarAnalysis{TitleWeight: 4, HeadingWeight: 1, LeadWords: 80, MaxPairs: 32, MaxWords: 20000},
		Search:   SimilarSearch{Postings: 200_000, Candidates: 150},
	}
}

func (s Similar) validate(check checkFunc) {
	check(upTo(s.Alpha, 1), "similar.alpha", s.Alpha, "0..1")
	t, e := s.Text, s.Entities
	for _, m := range []struct {
		name  string
		value float64
	}{
		{"text.prose", t.Prose},
		{"text.bigrams", t.Bigrams},
		{"text.lead", t.Lead},
		{"text.identifiers", t.Identifiers},
		{"text.summary", t.Summary},
		{"text.title_covered", t.TitleCovered},
		{"text.title_covers", t.TitleCovers},
		{"text.names", t.Names},
		{"text.named_by", t.NamedBy},
		{"entities.tags", e.Tags},
		{"entities.folder", e.Folder},
		{"entities.entities", e.Entities},
		{"entities.series", e.Series},
		{"entities.links", e.Links},
		{"entities.linked_by", e.LinkedBy},
		{"entities.targets", e.Targets},
		{"entities.dates", e.Dates},
	} {
		check(upTo(m.value, 100), "similar."+m.name, m.value, "0..100")
	}
	check(s.Analysis.TitleWeight >= 1 && s.Analysis.TitleWeight <= 20, "similar.analysis.title_weight", s.Analysis.TitleWeight, "1..20")
	check(s.Analysis.LeadWords >= 1 && s.Analysis.LeadWords <= 1000, "similar.analysis.lead_words", s.Analysis.LeadWords, "1..1000")
	check(s.Analysis.HeadingWeight >= 0 && s.Analysis.HeadingWeight <= 20, "similar.analysis.heading_weight", s.Analysis.HeadingWeight, "0..20")
	check(s.Search.ExactPosts >= 0, "similar.search.exact_posts", s.Search.ExactPosts, "0 or more")
	check(s.Search.Postings >= 1 && s.Search.Postings <= 1<<30, "similar.search.postings", s.Search.Postings, "1 or more")
	check(s.Search.Candidates >= 1 && s.Search.Candidates <= 1<<20, "similar.search.candidates", s.Search.Candidates, "1 or more")
	check(s.Analysis.MaxPairs >= 0, "similar.analysis.max_pairs", s.Analysis.MaxPairs, "0 or more")
	check(s.Analysis.MaxWords >= 100, "similar.analysis.max_words", s.Analysis.MaxWords, "100 or more")
}
