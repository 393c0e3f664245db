package corpus

// Public is the review gate: it reports whether p may be searched, shown or
// recommended. It is the only place that decides this.
//
// PublishAll lifts the gate. Otherwise a post is public when its status is
// reviewed or published, or when it has no status and is not flagged
// needs_human_review. Every other status, known or not, keeps it back.
func Public(p *Post, policy Policy) bool {
	if p == nil {
		return false
	}
	if policy == PublishAll {
		return true
	}
	switch p.status() {
	case StatusReviewed, StatusPublished:
		return true
	case "":
		return p.Flags == nil || !p.Flags.NeedsHumanReview
	case StatusDraft, StatusPending, StatusRejected, StatusArchived:
		return false
	default:
		return false
	}
}

// status is the editorial status; "" when none is given.
func (p *Post) status() Status {
	if p.Revision == nil {
		return ""
	}
	return p.Revision.Status
}
