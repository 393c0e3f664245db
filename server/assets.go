package server

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static/*
var staticFiles embed.FS

// assets are the files of the pages. Each has a name with a hash of its content,
// so that browsers may keep it for ever.
type assets struct {
	byName map[string]bytesReply // by hashed name
	hashed map[string]string     // plain name to hashed name
}

// cacheForever is for names that change with their content.
const cacheForever = "public, max-age=31536000, immutable"

func newAssets() (*assets, error) {
	a := &assets{byName: map[string]bytesReply{}, hashed: map[string]string{}}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	for _, e := range entries {
		data, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("static file %s: %w", e.Name(), err)
		}
		a.add(e.Name(), data)
	}
	return a, nil
}

func (a *assets) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.hashed[name] = hashed
	a.byName[hashed] = bytesReply{status: http.StatusOK, contentType: mime.TypeByExtension(ext), body: data, etag: true, cache: cacheForever}
}

// url is the address of a file by its plain name; a template's typo is an error.
func (a *assets) url(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %q", name)
	}
	return "/static/" + hashed, nil
}

// static is GET /static/{name}.
func (s *Server) static(c *call) (reply, error) {
	file, ok := s.pages.assets.byName[c.gin.Param("name")]
	if !ok {
		return noRoute(c)
	}
	return file, nil
}
