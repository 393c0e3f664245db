package server

func (s *Server) openAPI() any { return map[string]string{"openapi": "3.1.0"} }
