package corpus

import "errors"

var errTODO = errors.New("not implemented yet")

// DecodePost reads one post from its JSON and validates it.
func DecodePost(data []byte, limits Limits) (Post, error) { return Post{}, errTODO }

// AppendPost appends the JSON of p to dst, on one line.
func AppendPost(dst []byte, p *Post) []byte { return dst }

// EffectiveHash is Hash, or when that is absent the first 24 hex digits of the
// SHA-256 of title, summary and body joined by line feeds.
func (p *Post) EffectiveHash() string { return p.Hash }

// Validate reports the first field that is not as it must be, as a *[FieldError].
func (p *Post) Validate(limits Limits) error { return errTODO }
