package server

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// admit refuses a request that its route must not see. The order matters: who is
// asked, who asks, from where, and only then what for.
func (s *Server) admit(c *call, r route) error {
	if err := s.checkHost(c.req.Host); err != nil {
		return err
	}
	if err := s.authenticate(c); err != nil {
		return err
	}
	switch r.access {
	case accessOpen:
	case accessRead:
		s.allowOrigin(c)
	case accessWrite:
		return s.admitWrite(c, r)
	case accessLocal:
		if !c.local {
			return problemf(http.StatusUnauthorized, "token_required", "this route is for the program's own commands: it needs the local token")
		}
		return s.admitWrite(c, r)
	}
	return nil
}

// checkHost refuses names that are not ours: a page on another name that was
// pointed at this address (DNS rebinding) gets nothing.
func (s *Server) checkHost(hostport string) error {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if isLoopback(host) || s.hosts[host] || s.hosts["*"] {
		return nil
	}
	return problemf(http.StatusMisdirectedRequest, "bad_host", "this server does not answer for the host %q; name it in its configuration", hostport)
}

// authenticate recognises the local token. A wrong one is refused even where none
// is needed, so that a stale one is noticed.
func (s *Server) authenticate(c *call) error {
	scheme, token, _ := strings.Cut(c.req.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	token = strings.TrimSpace(token)
	if s.opts.Token == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.opts.Token)) != 1 {
		return problemf(http.StatusUnauthorized, "bad_token", "the token is not valid")
	}
	c.local = true
	return nil
}

// admitWrite refuses writes of other sites' pages and of everybody when read-only.
func (s *Server) admitWrite(c *call, r route) error {
	if site := c.req.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return problemf(http.StatusForbidden, "cross_site", "writes from a page need the same origin; Sec-Fetch-Site is %q", site)
	}
	if origin := c.req.Header.Get("Origin"); origin != "" && !sameOrigin(origin, c.req.Host) {
		return problemf(http.StatusForbidden, "cross_site", "writes from a page need the same origin; Origin is %q", origin)
	}
	if r.writes && s.opts.ReadOnly {
		return problemf(http.StatusForbidden, "read_only", "this server is read-only")
	}
	return nil
}

// sameOrigin reports whether origin is http or https on the host asked.
func sameOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, host)
}

// allowOrigin lets pages of other origins read the answer. No credentials are
// involved, so "*" is safe: what is answered here is public.
func (s *Server) allowOrigin(c *call) {
	h := c.gin.Writer.Header()
	if len(s.origins) == 0 {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		origin := c.req.Header.Get("Origin")
		if !s.origins[strings.ToLower(origin)] {
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
	}
	h.Set("Access-Control-Expose-Headers", "ETag, Server-Timing, X-Request-Id")
}

// lowerSet is the set of the lower-case forms.
func lowerSet(values []string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, v := range values {
		set[strings.ToLower(v)] = true
	}
	return set
}
