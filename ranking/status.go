package ranking

import "time"

// GraphStatus says how far the lists of similar posts are.
type GraphStatus struct {
	// Seq is the sequence of the store that the lists say, StoreSeq that of the store;
	// Backlog is by how much the lists lag, at most the changes not yet in them.
	Seq      uint64 `json:"seq"`
	StoreSeq uint64 `json:"store_seq"`
	Backlog  uint64 `json:"backlog"`
	// Generation counts the generations of the file, 0 before the first. Built is when
	// the present one was made, AsOfDay the day that ages count to, in days since the Unix
	// epoch, and Posts how many posts its statistics were frozen from.
	Generation uint64    `json:"generation"`
	Built      time.Time `json:"built"`
	AsOfDay    int32     `json:"as_of_day"`
	Posts      int       `json:"posts"`
	// Rows is the number of lists.
	Rows int `json:"rows"`
	// Drift is the number of changes since the freeze, as a share of its posts; a new
	// generation is due where it is over 0.05.
	Drift float64 `json:"drift"`
	// Churn is the share 0..1 of the neighbours shown that the list of the same post did
	// not show before the generation, among posts that had a list.
	Churn float64 `json:"churn"`
	// Ready is true when texts can be compared, Building while lists are being computed.
	Ready    bool `json:"ready"`
	Building bool `json:"building"`
}

// Status says how far the lists of similar posts are. It costs nothing.
func (e *Engine) Status() GraphStatus {
	info, seq := e.graph.Info(), e.store.Seq()
	s := GraphStatus{
		Seq: info.Seq, StoreSeq: seq, Generation: info.Number, Built: info.Built, AsOfDay: info.AsOfDay, Posts: info.Posts,
		Rows: e.graph.Len(), Churn: info.Churn, Ready: e.model.Load() != nil, Building: len(e.building) > 0,
		Drift: float64(info.Changes) / float64(max(info.Posts, 1)),
	}
	if seq > info.Seq {
		s.Backlog = seq - info.Seq
	}
	return s
}
