package collectors

import "slices"

// Calls says that a secret is rotated by a function, which it names by this ARN:
// with a version or alias behind it, or without. Which of them it is matters, since
// each has a resource policy of its own, and a version its own code and runtime
// (AddPermission, Qualifier).
func (c *Cell) Calls(arn string) {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	function := Unqualified(arn)
	if !slices.Contains(c.shared.calls[function], arn) {
		c.shared.calls[function] = append(c.shared.calls[function], arn)
	}
}

// CalledAs returns the ARNs by which secrets of an earlier stage name a function,
// sorted; none when nothing was said of it.
func (c *Cell) CalledAs(function string) []string {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	return slices.Sorted(slices.Values(c.shared.calls[function]))
}
