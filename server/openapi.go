package server

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI is the description of the API with the program's version in it.
func openAPI(version string) ([]byte, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(openAPIDocument, &doc); err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	var info map[string]any
	if err := json.Unmarshal(doc["info"], &info); err != nil {
		return nil, fmt.Errorf("openapi.json: info: %w", err)
	}
	info["version"] = version
	var err error
	if doc["info"], err = encodeJSON(info); err != nil {
		return nil, err
	}
	return encodeJSON(doc)
}
