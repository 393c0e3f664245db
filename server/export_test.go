package server

import "encoding/base64"

// RouteList is the route table, as "METHOD /path".
func RouteList(s *Server) []string {
	var out []string
	for _, r := range s.routes() {
		out = append(out, r.method+" "+r.path)
	}
	return out
}

// ForgedCursor is a cursor with a right sum over whatever it says; search is that of q alone.
func ForgedCursor(data, q string) string {
	args := searchArgs{Q: q}
	return base64.RawURLEncoding.EncodeToString([]byte(data)) + "." + cursorSum([]byte(data), args.search())
}
