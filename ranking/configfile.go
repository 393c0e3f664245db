package ranking

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ParseConfig reads what differs from [DefaultConfig], a JSON object with the member
// names of Config; lists replace those of the default. Unknown members, more than one value
// and values out of range are errors that wrap [ErrConfig] and name the member.
func ParseConfig(data []byte) (Config, error) {
	c := DefaultConfig()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Config{}, fmt.Errorf("%w: there is more than one JSON value", ErrConfig)
	}
	if err := c.Validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// SignalsHash names what [Signals] depend on: an index whose signals were computed
// under another one must be rebuilt. It is empty for the default.
func (c Config) SignalsHash() string {
	if c.HalfLifeDays == DefaultConfig().HalfLifeDays && len(c.HalfLives) == 0 {
		return ""
	}
	data, err := json.Marshal([]any{c.HalfLifeDays, c.HalfLives})
	if err != nil { // Numbers and strings: this cannot be.
		data = []byte(err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}
