package server

type pages struct{}

func newPages() (*pages, error) { return &pages{}, nil }

func (s *Server) searchPage(c *call) (reply, error)  { return noRoute(c) }
func (s *Server) helpPage(c *call) (reply, error)    { return noRoute(c) }
func (s *Server) postPage(c *call) (reply, error)    { return noRoute(c) }
func (s *Server) static(c *call) (reply, error)      { return noRoute(c) }
func (s *Server) writeErrorPage(c *call, p *Problem) { s.writeProblem(c, p) }
