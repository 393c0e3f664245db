package server

// RouteList is the route table, as "METHOD /path".
func RouteList(s *Server) []string {
	var out []string
	for _, r := range s.routes() {
		out = append(out, r.method+" "+r.path)
	}
	return out
}
