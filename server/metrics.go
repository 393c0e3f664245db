package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the measurements of one Server, in a registry of its own.
type metrics struct {
	registry *prometheus.Registry
	latency  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	panics   prometheus.Counter
	dropped  prometheus.Counter
	handler  http.Handler
}

func newMetrics(o *Options) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "alphanode_http_request_duration_seconds", Help: "Time to answer, by route, method and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"route", "method", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "alphanode_http_requests_in_flight", Help: "Requests being answered."}),
		panics:   prometheus.NewCounter(prometheus.CounterOpts{Name: "alphanode_http_panics_total", Help: "Requests that ended in a panic."}),
		dropped:  prometheus.NewCounter(prometheus.CounterOpts{Name: "alphanode_search_hits_dropped_total", Help: "Hits that were gone or not public when their posts were loaded."}),
	}
	m.registry.MustRegister(m.latency, m.inFlight, m.panics, m.dropped,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registerStore(o)
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, DisableCompression: true})
	return m
}

// registerStore adds what is read from the store and the index at each scrape.
func (m *metrics) registerStore(o *Options) {
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("alphanode_posts", "Posts stored, public or not.", func() float64 { return float64(o.Store.Len()) })
	gauge("alphanode_store_seq", "Sequence number of the latest change.", func() float64 { return float64(o.Store.Seq()) })
	if o.IndexSeq != nil {
		gauge("alphanode_index_seq", "Sequence number up to which changes are searchable.", func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			seq, err := o.IndexSeq(ctx)
			if err != nil {
				return -1
			}
			return float64(seq)
		})
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "alphanode_build_info", Help: "Always 1; the label has the version.",
		ConstLabels: prometheus.Labels{"version": o.Version},
	}, func() float64 { return 1 }))
}

// observe counts one request. Methods that no route has are counted as one, so
// that a client cannot make labels.
func (m *metrics) observe(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	m.latency.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// metricsPage is GET /metrics.
func (s *Server) metricsPage(*call) (reply, error) {
	return handlerReply{s.metrics.handler}, nil
}

// handlerReply lets another handler write.
type handlerReply struct{ handler http.Handler }

func (r handlerReply) write(c *call) error {
	r.handler.ServeHTTP(c.gin.Writer, c.req)
	return nil
}
