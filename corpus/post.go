package corpus

import "encoding/json"

// Post is one post of a site, in the JSON names of the API and of JSONL files.
//
// Only ID and one of Title and Body are required. A field that is absent in the
// input is its zero value here and is absent again in the output. Fields whose
// names are unknown are kept verbatim in Extra.
type Post struct {
	ID        string `json:"id"`
	URL       string `json:"url,omitempty"`
	Reference string `json:"reference,omitempty"`
	// Hash is what the site calls its content hash; kept and shown, never trusted.
	Hash string `json:"hash,omitempty"`

	Title      string        `json:"title,omitempty"`
	Summary    string        `json:"summary,omitempty"`
	Body       string        `json:"body,omitempty"`
	BodyFormat BodyFormat    `json:"body_format,omitempty"`
	Outline    []OutlineItem `json:"outline,omitempty"`
	Brief      string        `json:"brief,omitempty"`
	Checklist  []string      `json:"checklist,omitempty"`
	Notes      []string      `json:"notes,omitempty"`
	// Lang is a BCP 47 tag; empty means "en".
	Lang string `json:"lang,omitempty"`

	Topic        string     `json:"topic,omitempty"`
	Tags         []string   `json:"tags,omitempty"`
	Stack        []string   `json:"stack,omitempty"`
	Tools        []string   `json:"tools,omitempty"`
	CodeLanguage string     `json:"code_language,omitempty"`
	Difficulty   string     `json:"difficulty,omitempty"`
	Author       StringList `json:"author,omitempty"`
	Series       string     `json:"series,omitempty"`

	PublishedAt Date `json:"published_at,omitzero"`
	UpdatedAt   Date `json:"updated_at,omitzero"`

	// ReadingTime is in minutes; nil when absent.
	ReadingTime *float64 `json:"reading_time,omitempty"`
	// ViewCount is nil when absent.
	ViewCount *int64 `json:"view_count,omitempty"`

	Score    *Score    `json:"score,omitempty"`
	Revision *Revision `json:"revision,omitempty"`
	Flags    *Flags    `json:"flags,omitempty"`

	Entities []Entity `json:"entities,omitempty"`
	Images   []Image  `json:"images,omitempty"`

	// Payload is any JSON object; kept and shown, not searched.
	Payload json.RawMessage `json:"payload,omitempty"`
	// Extra holds the members whose names are not fields of a post.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// BodyFormat says how Post.Body is written. Empty means markdown.
type BodyFormat string

// The body formats.
const (
	Markdown BodyFormat = "markdown"
	HTML     BodyFormat = "html"
	Text     BodyFormat = "text"
)

// OutlineItem is one labelled line of a post's outline.
type OutlineItem struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// StringList is a list of strings that JSON may also give as a single string.
type StringList []string

// Score holds the editorial scores, each 0..100; nil when absent. Absent scores
// are derived by package ranking and never written into the post.
type Score struct {
	Quality   *float64 `json:"quality,omitempty"`
	Freshness *float64 `json:"freshness,omitempty"`
	Depth     *float64 `json:"depth,omitempty"`
	Clarity   *float64 `json:"clarity,omitempty"`
}

// Revision is the editorial state of a post.
type Revision struct {
	Status       Status `json:"status,omitempty"`
	Version      string `json:"version,omitempty"`
	LastReviewed Date   `json:"last_reviewed,omitzero"`
}

// Status is the editorial status of a post; see [Public] for what it gates.
type Status string

// The statuses.
const (
	StatusDraft     Status = "draft"
	StatusPending   Status = "pending"
	StatusReviewed  Status = "reviewed"
	StatusPublished Status = "published"
	StatusRejected  Status = "rejected"
	StatusArchived  Status = "archived"
)

// Flags are yes/no facts about a post. JSON accepts true, false, 1 and 0.
type Flags struct {
	AIGeneratedStyle bool `json:"ai_generated_style,omitempty"`
	HasImages        bool `json:"has_images,omitempty"`
	ImageHeavy       bool `json:"image_heavy,omitempty"`
	NeedsHumanReview bool `json:"needs_human_review,omitempty"`
}

// Entity is a named thing that a post is about. Type is one of stack, area,
// problem, tool, topic, product, person, other.
type Entity struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Image is a picture that a post shows.
type Image struct {
	Source  string `json:"source,omitempty"`
	URL     string `json:"url,omitempty"`
	Caption string `json:"caption,omitempty"`
}
