package ranking

import "context"

// workersKey is the key of the number of workers in a context.
type workersKey struct{}

// withWorkers bounds how many goroutines compute at a time on behalf of ctx.
func withWorkers(ctx context.Context, most int) context.Context {
	return context.WithValue(ctx, workersKey{}, most)
}

// allowed is n, or how many goroutines may compute on behalf of ctx where that is fewer.
func allowed(ctx context.Context, n int) int {
	if most, ok := ctx.Value(workersKey{}).(int); ok {
		return min(n, most)
	}
	return n
}
