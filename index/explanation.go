package index

// Explanation is a node of the tree that says where a score comes from. Its
// Value is Op applied to the values of Children, to 1e-6 relative; a leaf has none.
type Explanation struct {
	Name     string         `json:"name"`
	Op       Op             `json:"op"`
	Value    float64        `json:"value"`
	Children []*Explanation `json:"children,omitempty"`
}

// Op is the operation that makes a node's value out of its children's.
type Op string

// The operations.
const (
	Sum     Op = "sum"
	Product Op = "product"
	Max     Op = "max"
	Leaf    Op = "leaf"
)

// NewLeaf returns a node without children.
func NewLeaf(name string, value float64) *Explanation {
	return &Explanation{Name: name, Op: Leaf, Value: value}
}

// NewSum returns the sum of the children that are not nil.
func NewSum(name string, children ...*Explanation) *Explanation {
	e := &Explanation{Name: name, Op: Sum}
	for _, c := range children {
		if c != nil {
			e.Children = append(e.Children, c)
			e.Value += c.Value
		}
	}
	return e
}

// NewProduct returns the product of the children that are not nil.
func NewProduct(name string, children ...*Explanation) *Explanation {
	e := &Explanation{Name: name, Op: Product, Value: 1}
	for _, c := range children {
		if c != nil {
			e.Children = append(e.Children, c)
			e.Value *= c.Value
		}
	}
	return e
}
